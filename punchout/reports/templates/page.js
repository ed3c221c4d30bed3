// What a person does on the page, and how it begins.
form.addEventListener("input", () => write(entered()));
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", (event) => {
  event.preventDefault();
  for (const input of all("#find input")) input.value = "";
  write(Object.fromEntries(names.map((name) => [name, ""])));
  box.focus();
});
addEventListener("hashchange", follow);
addEventListener("click", (event) => {
  const link = event.target.closest("a[data-set]");
  if (!link) return;
  event.preventDefault();
  const { set, value } = link.dataset;
  const state = entered();
  write({ ...state, [set]: state[set] === value ? "" : value });
});
chipList.addEventListener("click", (event) => {
  const { drop } = event.target.closest("[data-drop]")?.dataset ?? {};
  if (drop) write({ ...entered(), [drop]: "" });
});

// Further filters lie over the page while they are open.
const further = one("#further");
addEventListener("click", (event) => {
  if (!further.contains(event.target)) further.open = false;
});
further.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  further.open = false;
  further.firstElementChild.focus();
});
addEventListener("keydown", (event) => {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    box.focus();
    box.select();
  } else if (event.key === "Escape" && event.target === box) {
    write({ ...entered(), q: "" });
  }
});

// A summary is opened by mouse, key or browser search: its lines are there before it is.
const requestTable = one("#requests");
for (const kind of ["click", "toggle"]) {
  const unfoldIt = (event) => {
    const body = event.target.closest("details") && event.target.closest("tbody[id]");
    if (body) unfold(Number(body.dataset.row));
  };
  requestTable.addEventListener(kind, unfoldIt, true);
}
const everyOne = one("#unfold");
let areUnfolded = false;
everyOne.addEventListener("click", () => {
  areUnfolded = !areUnfolded;
  for (const request of requestList.shown) {
    if (areUnfolded) open(request);
    else opened(request).open = false;
  }
  everyOne.textContent = areUnfolded ? "Close all lines" : "Open all lines";
});

for (const section of all(".live")) section.hidden = false;
// Heads of tables stay in sight below the search, where the whole width does.
const fit = () => {
  document.documentElement.style.setProperty("--stick", form.offsetHeight + "px");
  for (const frame of all(".scroll")) {
    frame.classList.toggle("fits", frame.firstElementChild.offsetWidth <= frame.clientWidth);
  }
};
addEventListener("resize", fit);
new ResizeObserver(fit).observe(form);
apply(read());
fit();
follow();

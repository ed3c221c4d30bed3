// Search and filters: what of the tables is shown. A view is its address: it can be kept as a bookmark and passed on.
const names = ["q", "stage", "code", "order", "age", "match"];
const form = one("#find");
const box = form.elements.q;
let lying = [];

const read = () => {
  const parts = new URLSearchParams(location.hash.slice(1));
  return Object.fromEntries(names.map((name) => [name, parts.get(name) || ""]));
};
const write = (state) => {
  const parts = new URLSearchParams(names.filter((name) => state[name]).map((name) => [name, state[name]]));
  history.replaceState(null, "", "#" + parts);
  apply(state);
};
const entered = () => Object.fromEntries(names.map((name) => [name, form.elements[name].value]));

// What begins with the text; where nothing does, what has it anywhere: people remember the last digits, too.
const finder = (text) => {
  const wanted = text.trim().toLowerCase();
  const begins = (one) => one.includes("\n" + wanted);
  const anywhere = wanted !== "" && !searchedRequests.some(begins) && !searchedPapers.some(begins);
  return { wanted, anywhere, test: anywhere ? (one) => one.includes(wanted) : begins };
};

const mark = (request, find) => {
  linesOf(request).forEach((line, place) => {
    const row = requestList.row(request).rows[place + 1];
    const held = [[1, lines.part[line]], [3, lines.tracking[line]], [11, invoiceOf(line)]];
    for (const [column, texts] of held) {
      row.cells[column].classList.toggle("hit", find.wanted !== "" && find.test(searched(texts)));
    }
  });
};

// The few requests a search leads to lie open, and close again with it.
const layOpen = (find, hits) => {
  for (const request of lying) {
    opened(request).open = false;
    mark(request, { wanted: "" });
  }
  lying = [];
  if (find.wanted === "" || hits.length > 3) return;
  for (const request of hits) {
    if (!opened(request).open) lying.push(request);
    open(request);
    mark(request, find);
  }
};

const apply = (state) => {
  const find = finder(state.q);
  const fits = requests.request_no.map(
    (_, request) =>
      (!find.wanted || find.test(searchedRequests[request])) &&
      (!state.stage || requests.stage[request] === state.stage) &&
      (!state.order || requests.outbox_state[request] === state.order) &&
      (!state.age || requests.age[request] === state.age) &&
      (!state.match || wordsOf[request].has(state.match)),
  );
  const filtered = state.stage || state.order || state.age || state.match;
  const codeFits = (code) => !state.code || code === state.code;
  const hits = [...fits.keys()].filter(
    (request) => fits[request] && (!state.code || codesOf[request].includes(state.code)),
  );
  const shown = requestList.show(hits);
  const todo = workList.show([...workOf.keys()].filter((item) => fits[workOf[item]] && codeFits(work.code[item])));
  const refused = paperList.show(
    [...papers.title.keys()].filter(
      (paper) => !filtered && codeFits(papers.code[paper]) && (!find.wanted || find.test(searchedPapers[paper])),
    ),
  );
  const wanted = new Set(hits);
  matchList.show(
    order.filter((line) => wanted.has(requestOf[line]) && (!state.match || match.word[line] === state.match)),
  );
  layOpen(find, hits);
  for (const name of names) if (form.elements[name].value !== state[name]) form.elements[name].value = state[name];
  for (const link of all("a[data-set]")) {
    link.setAttribute("aria-current", state[link.dataset.set] === link.dataset.value);
  }
  one("#count").textContent = !names.some((name) => state[name])
    ? ""
    : `${shown} of ${fits.length} requests, ${todo} exceptions, ${refused} documents` +
      (find.anywhere && shown + refused ? `; none begins with “${state.q.trim()}”, these have it` : "");
};

const follow = () => {
  const [, place] = /^#r(\d+)$/.exec(location.hash) || [];
  if (place === undefined || Number(place) >= requests.request_no.length) {
    // Anything else is a section of the page, which leaves the view as it is.
    if (!location.hash || location.hash.includes("=")) apply(read());
    return;
  }
  const request = Number(place);
  requestList.add(request);
  open(request);
  requestList.row(request).scrollIntoView({ block: "start" });
  opened(request).firstElementChild.focus({ preventScroll: true });
};

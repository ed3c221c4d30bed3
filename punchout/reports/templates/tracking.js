"use strict";
(() => {
  const one = (selector) => document.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const names = ["q", "stage", "code", "order", "age"];
  const form = one("#find");
  const more = one("#more");
  const box = form.elements.q;
  const identifiers = (element) => element.dataset.i.toLowerCase().split("\n");
  const requests = all("#requests>tbody[data-i]").map((element) => ({
    element,
    ids: identifiers(element),
    stage: element.dataset.s,
    order: element.dataset.o || "",
    age: element.dataset.a || "",
    codes: new Set([...element.rows[0].lastElementChild.children].map((code) => code.textContent)),
    details: element.querySelector("details"),
    found: true,
  }));
  const work = all("#worklist tr[data-r]").map((element) => ({
    element,
    request: requests[element.dataset.r],
    code: element.dataset.c,
  }));
  const documents = all("#documents tr[data-i]").map((element) => ({
    element,
    ids: identifiers(element),
    code: element.dataset.c,
  }));
  // A table of thousands of rows takes seconds to lay out: the first are enough until somebody asks for the rest.
  const first = 300;
  let limit = first;
  let opened = [];

  // A view is its address: it can be kept as a bookmark and passed on.
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
    if (!wanted) return { wanted, test: () => true, anywhere: false };
    const begins = (ids) => ids.some((id) => id.startsWith(wanted));
    const anywhere = ![...requests, ...documents].some((entry) => begins(entry.ids));
    return { wanted, anywhere, test: anywhere ? (ids) => ids.some((id) => id.includes(wanted)) : begins };
  };

  const show = (entries, test, section, number, most = Infinity) => {
    let count = 0;
    for (const entry of entries) {
      const found = test(entry);
      if (found) count += 1;
      const hidden = !found || count > most;
      if (entry.element.hidden !== hidden) entry.element.hidden = hidden;
    }
    const nothing = one(section + " .nothing");
    nothing.hidden = count > 0 || !entries.length;
    one(number).textContent = count === entries.length ? count : count + " of " + entries.length;
    return count;
  };

  const highlight = (request, find) => {
    for (const row of request.element.querySelectorAll(".l")) {
      for (const cell of [row.cells[1], row.cells[3], row.cells[11]]) {
        const texts = cell.textContent.toLowerCase().split(", ");
        cell.classList.toggle("hit", find.wanted !== "" && find.test(texts));
      }
    }
  };

  // The few requests a search leads to lie open, and close again with it.
  const open = (find) => {
    for (const request of opened) {
      request.details.open = false;
      highlight(request, { wanted: "" });
    }
    opened = [];
    const hits = find.wanted ? requests.filter((request) => request.found) : [];
    if (hits.length > 3) return;
    for (const request of hits) {
      highlight(request, find);
      if (!request.details.open) opened.push(request);
      request.details.open = true;
    }
  };

  const apply = (state) => {
    const find = finder(state.q);
    const fits = (request) =>
      find.test(request.ids) &&
      (!state.stage || request.stage === state.stage) &&
      (!state.order || request.order === state.order) &&
      (!state.age || request.age === state.age);
    const fitting = new Map(requests.map((request) => [request, fits(request)]));
    const shown = show(
      requests,
      (request) => (request.found = fitting.get(request) && (!state.code || request.codes.has(state.code))),
      "#requests",
      "#n-requests",
      limit,
    );
    more.hidden = shown <= limit;
    more.textContent = `Show all ${shown} requests, not only the first ${limit}`;
    const todo = show(
      work,
      (item) => fitting.get(item.request) && (!state.code || item.code === state.code),
      "#worklist",
      "#n-work",
    );
    const papers = show(
      documents,
      (item) => find.test(item.ids) && !state.stage && !state.order && !state.age && (!state.code || item.code === state.code),
      "#documents",
      "#n-docs",
    );
    open(find);
    for (const name of names) if (form.elements[name].value !== state[name]) form.elements[name].value = state[name];
    for (const link of all("a[data-set]")) {
      link.setAttribute("aria-current", state[link.dataset.set] === link.dataset.value);
    }
    const filtered = names.some((name) => state[name]);
    one("#count").textContent = !filtered
      ? ""
      : `${shown} of ${requests.length} requests, ${todo} exceptions, ${papers} documents` +
        (find.anywhere && shown + papers ? `; none begins with “${state.q.trim()}”, these have it` : "");
  };

  const follow = () => {
    const row = /^#r\d+$/.test(location.hash) && one(location.hash);
    if (!row) {
      // Anything else is a section of the page, which leaves the view as it is.
      if (!location.hash || location.hash.includes("=")) apply(read());
      return;
    }
    row.hidden = false;
    row.querySelector("details").open = true;
    row.scrollIntoView({ block: "start" });
    row.querySelector("summary").focus({ preventScroll: true });
  };

  form.addEventListener("input", () => write(entered()));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    write({ q: "", stage: "", code: "", order: "", age: "" });
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

  more.addEventListener("click", () => {
    limit = Infinity;
    apply(entered());
  });
  const unfold = one("#unfold");
  let unfolded = false;
  unfold.addEventListener("click", () => {
    unfolded = !unfolded;
    for (const request of requests) if (!request.element.hidden) request.details.open = unfolded;
    unfold.textContent = unfolded ? "Close all lines" : "Open all lines";
  });

  form.hidden = unfold.hidden = false;
  // Heads of tables stay in sight below the search, where the whole width does.
  const fit = () => {
    document.documentElement.style.setProperty("--stick", form.offsetHeight + "px");
    for (const frame of all(".scroll")) {
      frame.classList.toggle("fits", frame.firstElementChild.offsetWidth <= frame.clientWidth);
    }
  };
  addEventListener("resize", fit);
  fit();
  apply(read());
  follow();
})();

// What of the tables is shown: the search, the filters, and the few requests that lie open.
const box = form.elements.q;
let lying = [];

const write = (state) => {
  const parts = new URLSearchParams(names.filter((name) => state[name]).map((name) => [name, state[name]]));
  history.replaceState(null, "", "#" + parts);
  apply(state);
};

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

// Documents and decisions that no request has are shown unless the view is narrowed to requests.
const layTables = (state, find, shown) => {
  const isNarrowed = names.some((name) => state[name] && !["q", "code", "known"].includes(name));
  const isFound = (text) => !find.wanted || find.test(text);
  const paperFits = (paper) =>
    (!state.code || papers.code[paper] === state.code) &&
    (!state.known || acknowledged(papers.known_by[paper]) === state.known);
  const refused = paperList.show(
    [...papers.title.keys()].filter((paper) => !isNarrowed && paperFits(paper) && isFound(searchedPapers[paper])),
  );
  const isApart = !isNarrowed && !state.code && !state.known;
  decisionList?.show(
    [...decisionOf.keys()].filter((place) =>
      decisionOf[place] < 0 ? isApart && isFound(searchedDecisions[place]) : shown.fits[decisionOf[place]],
    ),
  );
  requestList.show(shown.requests);
  workList.show(shown.exceptions);
  matchList.show(order.filter(shown.line));
  return refused;
};

const say = (state, find, shown, totals, refused) => {
  const left = [
    `${shown.requests.length} of ${requests.request_no.length} requests`,
    `${totals.lines} of ${requestOf.length} lines`,
    `${shown.exceptions.length} of ${workOf.length} exceptions`,
    `${refused} of ${papers.title.length} documents`,
  ];
  const worth = totals.value.length ? `; ${totals.value.join(", ")} ordered` : "";
  const risk = totals.risk.length ? `; ${totals.risk.join(", ")} at risk` : "";
  const anywhere = find.anywhere && shown.requests.length + refused > 0;
  one("#count").textContent = !names.some((name) => state[name])
    ? ""
    : left.join(", ") +
      worth +
      risk +
      (anywhere ? `. None begins with “${state.q.trim()}”, these have it` : "");
};

const apply = (state) => {
  const find = finder(state.q);
  const isFound = (request) => !find.wanted || find.test(searchedRequests[request]);
  const shown = narrowed(state, isFound);
  const refused = layTables(state, find, shown);
  layOpen(find, shown.requests);
  fill(state);
  layChips(state);
  const totals = layTotals(shown);
  const without = (...some) => (some.some((name) => state[name]) ? narrowed(state, isFound, ...some) : shown);
  const stages = countedBy(without("stage").requests, requests.stage);
  layCounts(all(".phases a"), stages);
  layPhases(stages);
  layCounts(all(".words a"), countedBy(order.filter(without("match").line), match.word));
  layAges(without("stage", "age").requests);
  for (const link of all("a[data-set]")) {
    link.setAttribute("aria-current", state[link.dataset.set] === link.dataset.value);
  }
  say(state, find, shown, totals, refused);
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

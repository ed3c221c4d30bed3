// Tables of which as many rows are made as somebody looks at: to lay out thousands takes seconds, and a search that
// changes all of them is to be answered within a tenth of one.
const FACTOR = 10;

class List {
  // `body` takes the rows before its last one, which says that there are none; `make` gives the row of an entry.
  constructor(name, body, make, size, first) {
    Object.assign(this, { body, make, size, limit: first, places: [], added: new Set(), made: new Map(), laid: [] });
    this.nothing = one(`#${name} .nothing`);
    this.number = one(`#n-${name}`);
    this.more = one(`#more-${name}`);
    this.more.addEventListener("click", () => {
      this.limit *= FACTOR;
      this.draw();
    });
  }

  // Shows these entries, in this order.
  show(places) {
    this.places = places;
    this.added.clear();
    this.draw();
    return places.length;
  }

  // Shows one more entry, whatever else is shown.
  add(place) {
    if (this.shown.includes(place)) return;
    this.added.add(place);
    this.draw();
  }

  row(place) {
    if (!this.made.has(place)) this.made.set(place, this.make(place));
    return this.made.get(place);
  }

  // Puts these rows in place of those that lie there; rows that stay are not touched, since each costs a layout.
  lay(rows) {
    const wanted = new Set(rows);
    for (const row of this.laid) if (!wanted.has(row)) row.remove();
    let next = this.laid.find((row) => wanted.has(row)) || this.nothing;
    for (const row of rows) {
      if (row === next) next = next.nextElementSibling;
      else this.body.insertBefore(row, next);
    }
    this.laid = rows;
  }

  draw() {
    const found = this.places.length;
    this.shown = this.places.slice(0, this.limit);
    if (this.added.size) this.shown = [...new Set([...this.shown, ...this.added])].sort((a, b) => a - b);
    this.lay(this.shown.map((place) => this.row(place)));
    this.nothing.hidden = this.shown.length > 0;
    const part = found > this.limit ? `, the first ${this.limit} shown` : "";
    this.number.textContent = (found === this.size ? found : `${found} of ${this.size}`) + part;
    this.more.hidden = found <= this.limit;
    const next = this.limit * FACTOR;
    const portion = found <= next ? `all ${found}` : `the first ${next} of ${found}`;
    this.more.textContent = `Show ${portion}, not only ${this.limit}`;
  }
}

const entry = (place, row) => {
  row.dataset.row = place;
  return row;
};
const opened = (request) => requestList.row(request).querySelector("details");

// The lines and the history of a request are made when it is opened for the first time.
const unfold = (request) => {
  const body = requestList.row(request);
  if (body.rows.length === 1) body.append(...linesOf(request).map(lineRow), historyRow(request));
};
const open = (request) => {
  unfold(request);
  opened(request).open = true;
};

const requestList = new List(
  "requests",
  one("#requests"),
  (request) => entry(request, element("tbody", { id: "r" + request }, requestRow(request))),
  requests.request_no.length,
  60,
);
const workList = new List(
  "worklist",
  one("#worklist tbody"),
  (item) => entry(item, workRow(item)),
  workOf.length,
  50,
);
const paperList = new List(
  "documents",
  one("#documents tbody"),
  (paper) => entry(paper, paperRow(paper)),
  papers.title.length,
  50,
);
// A report without decisions has no table of them.
const decisionList =
  decisionOf.length === 0
    ? null
    : new List(
        "decisions",
        one("#decisions tbody"),
        (place) => entry(place, decisionRow(place)),
        decisionOf.length,
        30,
      );
const matchList = new List("match", one("#match tbody"), (line) => entry(line, matchRow(line)), order.length, 30);

// How rows are made. Text from documents becomes text nodes and nothing else.
const element = (name, about, ...children) => {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(about)) made.setAttribute(attribute, value);
  made.append(...children.filter((child) => child !== ""));
  return made;
};
const cell = (...children) => element("td", {}, ...children);
const paragraph = (text) => (text ? element("p", {}, text) : "");
const small = (text) => (text ? element("small", {}, text) : "");
const note = (text) => (text ? element("i", {}, text) : "");
const severity = (name) => element("b", { class: "sev " + name }, name);
const command = (text) => element("code", { class: "run" }, text);
const number = (...children) => element("td", { class: "num" }, ...children);

// One of our own sentences, in which a command stands between backquotes.
const prose = (text) => text.split("`").map((part, place) => (place % 2 ? element("code", {}, part) : part));
const folded = (text) => {
  const [value, values] = text.split("\n");
  return values ? cell(value + " ", note(values + " values")) : cell(value);
};
const verdict = (word, look) => (word ? element("b", { class: "word " + look }, word) : "");
const trace = (request) => requests.trace[request] || "punchout trace " + requests.request_no[request];
const toRequest = (request) => element("a", { href: "#r" + request }, requests.request_no[request]);

// Who knows of an exception, since when, and in which words.
const known = (table, place) => {
  if (!table.known_by[place]) return "";
  const words = `“${table.known_words[place]}”`;
  return element("p", { class: "known" }, `Acknowledged by ${table.known_by[place]}, ${table.known_at[place]}: ${words}`);
};

const requestRow = (request) => {
  const at = (name) => requests[name][request];
  const [style, quarters] = looks[at("stage")];
  const doubt = at("outbox_state") === "in doubt" ? severity("critical") : "";
  if (doubt) doubt.textContent = "in doubt";
  const severities = several(at("severities"));
  const codes = codesOf[request].map((code, place) => element("b", { class: severities[place] }, code));
  const details = element("details", {}, element("summary", {}, at("request_no")));
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, details, small(at("account"))),
    cell(at("order_id")),
    element("td", { class: `mark ${style} q${quarters}` }, at("stage"), ...(doubt ? [" ", doubt] : [])),
    cell(several(at("confirmation_ids")).join(", ")),
    ...["ordered", "accepted", "shipped", "invoiced"].map((name) => cell(at(name))),
    cell([...valueOf[request]].map(([currency, amount]) => money(amount, currency)).join(" + ")),
    ...["shipping_date", "delivery_date", "invoice_id", "invoice_date"].map((name) => cell(at(name))),
    cell(...[verdict(at("word"), at("look")), ...codes].flatMap((part) => (part ? [part, " "] : []))),
  );
};

const lineRow = (line) => {
  const at = (name) => lines[name][line];
  return element(
    "tr",
    { class: "l" },
    ...["number", "part", "description"].map((name) => cell(at(name))),
    cell(several(at("tracking")).join(", ")),
    ...["ordered", "accepted", "shipped", "invoiced", "value"].map((name) => cell(at(name))),
    ...["shipping_date", "delivery_date", "invoice_id", "invoice_date"].map((name) => folded(at(name))),
    cell(...(match.word[line] ? [verdict(match.word[line], match.look[line]), " "] : []), at("state")),
  );
};

const event = (place, what, request) => {
  const when = [events.day[place], events.time[place]].filter(Boolean).join(" ");
  return element("li", {}, when, element("b", {}, what), events.source[place] ?? requests.request_no[request]);
};

const decided = (place) => {
  const at = (name) => decisions[name][place];
  const about = [at("what"), at("about")].filter(Boolean).join(" ");
  return element("p", { class: "known" }, `${at("by")}, ${at("at")}: ${about}, “${at("reason")}”`);
};

const historyRow = (request) => {
  const at = (name) => requests[name][request];
  const notes = [at("requester") && "Requester " + at("requester"), ...several(at("notes"))].filter(Boolean);
  const beside = several(at("billed_beside"));
  const happened = at("happened").split("\n");
  return element(
    "tr",
    { class: "t" },
    element(
      "td",
      { colspan: 14 },
      element("p", {}, notes.join(" · "), " ", at("command") ? element("code", {}, at("command")) : ""),
      beside.length ? paragraph("Billed beside the lines: " + beside.join("; ")) : "",
      ...decisionsAbout[request].map(decided),
      element("p", {}, "Which document, place and rule each value came from: ", element("code", {}, trace(request))),
      element("ol", {}, ...eventsOf(request).map((place, number) => event(place, happened[number], request))),
    ),
  );
};

const workRow = (item) => {
  const at = (name) => work[name][item];
  const request = workOf[item];
  const order = requests.order_id[request];
  return element(
    "tr",
    {},
    cell(severity(at("severity"))),
    cell(element("b", {}, at("code")), paragraph(at("meaning"))),
    cell(
      toRequest(request),
      at("line") ? ` line ${at("line")}` : "",
      ...(order ? [" ", element("span", { class: "soft" }, order)] : []),
      paragraph(at("detail")),
      known(work, item),
    ),
    number([at("at_risk"), at("currency")].filter(Boolean).join(" ")),
    element("td", { class: "when" }, at("since")),
    cell(...prose(at("action")), command(at("command") || trace(request))),
  );
};

const paperRow = (paper) => {
  const at = (name) => papers[name][paper];
  return element(
    "tr",
    {},
    cell(severity(at("severity"))),
    cell(element("b", {}, at("code")), paragraph(at("meaning"))),
    element("td", { class: "name" }, at("title"), element("p", {}, at("kind"))),
    cell(at("place"), paragraph(at("detail")), known(papers, paper)),
    element("td", { class: "when" }, at("received")),
    cell(...prose(at("action")), command(at("command"))),
  );
};

const decisionRow = (place) => {
  const at = (name) => decisions[name][place];
  const request = decisionOf[place];
  return element(
    "tr",
    {},
    element("td", { class: "when" }, at("at")),
    cell(at("by")),
    element("td", { class: "name" }, at("what")),
    cell(...(request < 0 ? [] : [toRequest(request), " "]), element("span", { class: "soft" }, at("about"))),
    cell(at("reason")),
  );
};

// What was measured against what: an expected value, whose it is, and how far off it may be.
const expected = (value, whose, tolerance) => (value ? `${whose} ${value} ± ${tolerance}` : "");

const matchRow = (line) => {
  const at = (name) => match[name][line];
  const also = at("words").split(", ").slice(1).join(", ");
  const credited = at("credited") && `${at("credited")} credited`;
  const charged = at("charges") ? expected(at("charges_expected") || "0", "confirmed", at("charges_tolerance")) : "";
  return element(
    "tr",
    {},
    cell(verdict(at("word"), at("look")), paragraph(rules[at("word")]), also ? paragraph("also: " + also) : ""),
    cell(
      toRequest(requestOf[line]),
      ` line ${lines.number[line]} `,
      element("span", { class: "soft" }, lines.part[line]),
      paragraph(lines.description[line]),
    ),
    number(lines.ordered[line], small(lines.value[line])),
    number(lines.accepted[line]),
    number(lines.shipped[line], small(at("came"))),
    number(at("received")),
    number(lines.invoiced[line], small(at("billed")), small(credited)),
    number(at("price_invoiced"), small(expected(at("price_expected"), at("price_base"), at("price_tolerance")))),
    number(at("at_variance"), small(at("quantity_variance"))),
    number(at("tax_invoiced"), small(expected(at("tax_expected"), "confirmed", at("tax_tolerance")))),
    number(at("charges"), small(charged)),
    cell(several(lines.invoice_id[line])[0] || "", paragraph(several(lines.invoice_date[line])[0])),
  );
};

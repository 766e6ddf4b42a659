// The class report at work: sort, filter, look at one student. Texts of learners become text nodes only.
"use strict";
const facts = JSON.parse(document.getElementById("facts").textContent);
const $ = (id) => document.getElementById(id);
const table = $("class"), body = table.tBodies[0];
const rows = [...body.rows].map((row, k) => ({ row, student: facts.students[k] }));

function element(name, text, parent) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (parent) parent.append(made);
  return made;
}

// Sorting: by name, by total, by what was earned in an exercise; who was not graded stands last.
function value(student, key) {
  if (key === "student") return student.student.toLowerCase();
  if (student.failure) return -Infinity;
  if (key === "earned") return student.earned;
  return student.exercises[key]?.earned ?? -Infinity;
}

function sortBy(head) {
  const down = head.getAttribute("aria-sort") === "ascending";
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const key = head.dataset.key, sign = down ? -1 : 1;
  const keyed = rows.map((one) => [value(one.student, key), one.row]);
  keyed.sort(([a], [b]) => (a < b ? -sign : a > b ? sign : 0));
  body.append(...keyed.map(([, row]) => row));
}

for (const head of table.tHead.rows[0].cells) {
  const button = element("button", head.textContent);
  button.type = "button";
  head.replaceChildren(button);
  button.addEventListener("click", () => sortBy(head));
}

// Filters: all that are set must hold.
function wanted(student) {
  const mistake = facts.mistakes[$("mistake").value];
  const lost = student.exercises[$("lost").value];
  const flagged = student.flags.length + student.repairs.length + student.errors.length > 0;
  return (
    student.student.toLowerCase().includes($("find").value.trim().toLowerCase()) &&
    (!$("lost").value || (lost && lost.earned < lost.points)) &&
    (!mistake || mistake.students.includes(student.student)) &&
    (!$("flagged").checked || flagged)
  );
}

function filter() {
  let shown = 0;
  for (const { row, student } of rows) {
    row.hidden = !wanted(student);
    shown += !row.hidden;
  }
  table.classList.toggle("names", $("names").checked);
  $("shown").textContent = `${shown} of ${rows.length} shown`;
}

const controls = document.querySelector(".controls");
controls.addEventListener("input", filter);
controls.addEventListener("submit", (event) => event.preventDefault());
controls.addEventListener("reset", () => setTimeout(filter));
for (const link of document.querySelectorAll(".mistake")) {
  link.addEventListener("click", () => {
    controls.reset();
    $("mistake").value = link.dataset.mistake;
    setTimeout(filter);
  });
}

// One student: points, mistakes and findings, and the way to the feedback page.
function open(student) {
  $("one-name").textContent = `${student.student}: ${student.earned} of ${student.points}`;
  const into = $("one-body");
  into.replaceChildren();
  if (student.failure) element("p", student.failure, into);
  for (const note of [...student.errors, ...student.flags, ...student.repairs]) element("p", `⚑ ${note}`, into);
  const answers = Object.entries(student.exercises);
  const blank = answers.filter(([, answer]) => answer.blank).map(([slug]) => slug);
  if (blank.length) element("p", `Not attempted: ${blank.join(", ")}`, into);
  for (const [slug, answer] of answers) {
    if (answer.blank || answer.earned === answer.points) continue;
    element("h3", `${slug}: ${answer.earned} of ${answer.points}`, into);
    for (const name of answer.mistakes) element("div", name, into);
    const list = element("ul", "", into);
    for (const check of answer.checks) element("li", `${check.name}: ${check.found}`, list);
  }
  if (student.page) element("a", "Feedback page", into).href = student.page;
  $("one").showModal();
}

for (const { row, student } of rows) {
  row.querySelector("a").addEventListener("click", (event) => {
    event.preventDefault();
    open(student);
  });
}

// Downloads: made of what this page holds.
function download(name, type, text) {
  const link = element("a", "");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

function quoted(field) {
  const text = String(field);
  const harmless = /^[=+\-@\t\r]/.test(text) && typeof field === "string" ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}

function csv() {
  const lines = [["student", "exercise", "earned", "points", "mistakes", "checks not passed"]];
  for (const { student, exercises } of facts.students) {
    for (const [slug, a] of Object.entries(exercises)) {
      const failed = a.checks.map((check) => check.name).join("; ");
      lines.push([student, slug, a.earned, a.points, a.mistakes.join("; "), failed]);
    }
  }
  return lines.map((line) => line.map(quoted).join(",")).join("\n") + "\n";
}

$("as-csv").addEventListener("click", () => download(`${facts.assignment}.csv`, "text/csv", csv()));
$("as-json").addEventListener("click", () =>
  download(`${facts.assignment}.json`, "application/json", JSON.stringify(facts, null, 1)));
for (const hidden of document.querySelectorAll(".controls, .downloads")) hidden.hidden = false;
filter();

// What is new comes by itself, forms go by fetch, codes can be copied. Everything works without this file: by forms and reload.

/** Makes `node` like `model`, and leaves alone what is alike: a sound goes on, and the focus stays where it is. */
function morph(node, model) {
  for (const { name } of [...node.attributes]) {
    if (!model.hasAttribute(name) && !(node.matches(".copy") && name === "hidden")) node.removeAttribute(name);
  }
  for (const { name, value } of model.attributes) {
    if (node.matches(".copy") && name === "hidden") continue;
    if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  }
  if (node.matches("select")) {
    if (node.innerHTML !== model.innerHTML && node !== document.activeElement) node.innerHTML = model.innerHTML;
    return;
  }
  morphChildren(node, model);
}

/** Children are the same by id, or by kind where they have none. */
function morphChildren(node, model) {
  let here = node.firstChild;
  for (const wanted of [...model.childNodes]) {
    let match = here;
    if (wanted.id) match = [...node.children].find((each) => each.id === wanted.id);
    else while (match && !isAlike(match, wanted)) match = match.nextSibling;
    if (!match) {
      node.insertBefore(wanted, here);
    } else {
      if (match === here) here = here.nextSibling;
      else node.insertBefore(match, here);
      if (match.nodeType === Node.ELEMENT_NODE) morph(match, wanted);
      else if (match.data !== wanted.data) match.data = wanted.data;
    }
  }
  while (here) {
    const next = here.nextSibling;
    here.remove();
    here = next;
  }
}

function isAlike(node, model) {
  if (node.nodeType !== model.nodeType || node.id) return false;
  return node.nodeType !== Node.ELEMENT_NODE || (node.tagName === model.tagName && node.className === model.className);
}

const live = document.querySelector("#live");

/** Where a script runs, copying works; and a telephone shows the end of what came in. */
function furnish() {
  for (const button of document.querySelectorAll("button.copy")) button.hidden = false;
  for (const screen of document.querySelectorAll(".screen")) {
    const count = String(screen.children.length) + (screen.lastElementChild?.id ?? "");
    if (screen.dataset.shown === count) continue;
    screen.scrollTop = screen.scrollHeight;
    screen.dataset.shown = count;
  }
}

/** Asks for what is newer than what stands here, again and again. */
async function follow() {
  let failures = 0;
  for (;;) {
    try {
      const answer = await fetch(`${live.dataset.source}?after=${live.dataset.version}`, { redirect: "error" });
      if (answer.status === 200) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const shown = [...document.querySelectorAll(".screen")].map((each) => [each, each.dataset.shown]);
        morph(live, page.querySelector("#live"));
        for (const [screen, count] of shown) screen.dataset.shown = count;
        furnish();
      } else if (answer.status !== 204) {
        throw new Error(answer.statusText);
      }
      failures = 0;
    } catch {
      failures += 1;
      await new Promise((done) => setTimeout(done, Math.min(10_000, 500 * failures)));
    }
  }
}

/** The page then changes by itself. */
async function send(form, submitter) {
  const body = new URLSearchParams(new FormData(form, submitter));
  try {
    await fetch(form.action, { method: "POST", body, redirect: "manual" });
  } catch {
    location.reload();
  }
}

if (live) {
  document.documentElement.classList.add("scripted");
  furnish();
  follow();

  live.addEventListener("submit", (event) => {
    event.preventDefault();
    send(event.target, event.submitter);
  });

  live.addEventListener("change", (event) => {
    if (event.target.matches("[data-at-once]")) send(event.target.form);
  });

  live.addEventListener("click", async (event) => {
    const button = event.target.closest("button.copy");
    if (!button) return;
    const words = button.textContent;
    await copy(button.dataset.copy);
    button.textContent = document.body.dataset.copied;
    setTimeout(() => { button.textContent = words; }, 1500);
  });
}

/** Where the browser does not let a page write to the clipboard, by way of a selection. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}

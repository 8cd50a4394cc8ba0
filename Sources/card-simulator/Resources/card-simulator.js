// Presses go by fetch, the keyboard types on the card in use, and a display goes dark when its card does.
// Everything works without this file: each press is then a form.

const timers = new WeakMap();

/** Puts a display that the server has drawn onto the glass, inside the live region, so that it is read out. */
function show(card, html) {
  const face = new DOMParser().parseFromString(html, "text/html").querySelector(".face");
  if (!face) throw new Error("not a display");
  card.querySelector(".glass").replaceChildren(face);
  watch(card);
}

/** Asks again once the card should be dark: the server has the only clock. */
function watch(card) {
  clearTimeout(timers.get(card));
  const wait = Number(card.querySelector(".face").dataset.darkIn);
  if (!(wait >= 0)) return;
  timers.set(card, setTimeout(async () => {
    try {
      const answer = await fetch(card.dataset.display);
      if (answer.ok) show(card, await answer.text());
    } catch {
      card.querySelector(".face").classList.remove("face-on");
    }
  }, wait + 50));
}

// One press after another, or two quick ones could arrive the wrong way round.
let queue = Promise.resolve();

function press(card, key) {
  const button = card.querySelector(`button[value="${key}"]`);
  button.classList.add("pressed");
  setTimeout(() => button.classList.remove("pressed"), 120);
  queue = queue.then(async () => {
    const body = new URLSearchParams({ key, view: "display" });
    const answer = await fetch(card.action, { method: "POST", body });
    if (!answer.ok) throw new Error(answer.statusText);
    show(card, await answer.text());
  }).catch(() => location.reload());
}

/** What a key of the keyboard is on a card. */
function keyFor(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return undefined;
  if (/^[0-9]$/.test(event.key)) return event.key;
  return { Backspace: "C", Delete: "C", c: "C", C: "C", Enter: "OK", p: "power", P: "power" }[event.key];
}

for (const card of document.querySelectorAll("form.card")) {
  watch(card);

  card.addEventListener("submit", (event) => {
    if (!event.submitter) return;
    event.preventDefault();
    press(card, event.submitter.value);
  });

  // After a click the keyboard belongs to the card: Enter is OK then, not the button clicked last.
  card.addEventListener("click", (event) => {
    if (event.detail > 0) card.focus({ preventScroll: true });
  });

  card.addEventListener("keydown", (event) => {
    const key = keyFor(event);
    if (!key || event.repeat) return;
    // A button reached with Tab is pressed with Enter, as everywhere.
    if (key === "OK" && event.target.closest("button")) return;
    event.preventDefault();
    card.focus({ preventScroll: true });
    press(card, key);
  });
}

const alone = document.querySelector(".alone form.card");
if (alone) alone.focus({ preventScroll: true });

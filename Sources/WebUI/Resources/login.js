// Makes the login pages easier to use. Every page works without it.

/** Shows how much time is left; at zero, puts the notice that time is up in place of the form. */
function countDown(timer) {
  const end = Date.now() + Number(timer.dataset.seconds) * 1000; // by the clock: a sleeping tab misses ticks
  const soon = document.querySelector("[data-soon]");
  let last = Infinity;

  const tick = () => {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    if (left === last) return;
    timer.textContent = timer.dataset.live.replace("{time}", clock(left));
    if (soon && left <= 60 && last > 60 && last !== Infinity) soon.textContent = soon.dataset.soon;
    last = left;
    if (left > 0) return;
    clearInterval(ticking);
    timeIsUp();
  };
  const ticking = setInterval(tick, 250);
  document.addEventListener("visibilitychange", tick);
  tick();
}

function clock(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function timeIsUp() {
  for (const part of document.querySelectorAll("[data-until-expiry]")) {
    for (const form of part.querySelectorAll("form")) form.reset(); // leaves no password or code behind
    part.hidden = true;
  }
  const notice = document.querySelector("[data-expired]");
  notice.hidden = false;
  notice.focus();
}

/** Sends a form once, however often its button is pressed. */
function sendOnce(form) {
  let sent = false;
  let button;
  let label;

  const release = () => {
    if (!sent) return;
    sent = false;
    button?.removeAttribute("aria-disabled");
    if (label) button.textContent = label;
  };
  form.addEventListener("submit", (event) => {
    if (sent) return event.preventDefault();
    sent = true;
    // Not `disabled`: a disabled button would not send its value.
    button = event.submitter;
    button?.setAttribute("aria-disabled", "true");
    label = button?.dataset.wait && button.textContent;
    if (label) button.textContent = button.dataset.wait;
    setTimeout(release, 20_000); // no answer came: let the user try again
  });
  addEventListener("pageshow", (event) => event.persisted && release()); // came back with the Back button
}

/** Takes spaces, dashes and full-width digits out of a typed or pasted code. */
function tidyCode(field) {
  const tidied = (text) => text.normalize("NFKC").replace(/[\s\p{Pd}\p{Cf}\u2212]/gu, "");
  const tidy = () => {
    const value = tidied(field.value);
    if (value === field.value) return;
    const caret = tidied(field.value.slice(0, field.selectionStart)).length;
    field.value = value;
    field.setSelectionRange(caret, caret);
  };
  field.addEventListener("input", (event) => event.isComposing || tidy()); // never under an input method's hands
  field.addEventListener("compositionend", tidy);
}

/** Adds the button that shows the password. */
function addReveal(field) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "reveal";
  const show = (shown) => {
    field.type = shown ? "text" : "password";
    button.textContent = shown ? field.dataset.hide : field.dataset.show;
    button.setAttribute("aria-label", shown ? field.dataset.hideLabel : field.dataset.showLabel);
  };
  button.addEventListener("click", () => show(field.type === "password"));
  field.form.addEventListener("submit", () => show(false)); // so that no browser remembers it as plain text
  field.form.addEventListener("reset", () => show(false));
  show(false);
  field.after(button);
}

/** Says when a code may be asked for again, and keeps the button back until then. */
function holdBack(sentence) {
  const button = sentence.closest("form").querySelector("button");
  const end = Date.now() + Number(sentence.dataset.waitSeconds) * 1000;
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    sentence.textContent = sentence.dataset.live.replace("{time}", clock(left));
    button.disabled = left > 0;
    sentence.hidden = left === 0;
    if (left === 0) clearInterval(ticking);
  };
  const ticking = setInterval(tick, 250);
  tick();
}

document.querySelectorAll("form").forEach(sendOnce);
document.querySelectorAll("[data-wait-seconds]").forEach(holdBack);
document.querySelectorAll("input.code").forEach(tidyCode);
document.querySelectorAll("input[type=password]").forEach(addReveal);
document.querySelectorAll("[data-seconds]").forEach(countDown);
// The browser puts the focus into the field marked `autofocus`, but not when the user comes back with the Back button.
addEventListener("pageshow", (event) => event.persisted && document.querySelector("[autofocus]")?.focus());

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
  dispatchEvent(new Event("time-is-up"));
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

/** Keeps what is said of a code on its way true; what is typed stays as it is. */
function follow(part) {
  const lead = part.querySelector("[data-lead]");
  const delivery = part.querySelector("[data-delivery]");
  const shortest = 500; // several changes at once are told as one
  let mark = part.dataset.mark;
  let asking; // what stops the asking

  const show = (news) => {
    lead.textContent = news.lead;
    const message = document.createElement("p");
    message.className = "message";
    message.textContent = news.delivery ?? "";
    delivery.replaceChildren(...(news.delivery ? [message] : []));
  };
  const ask = async (signal) => {
    for (let pause = shortest; !signal.aborted; await new Promise((done) => setTimeout(done, pause))) {
      try {
        const address = `${part.dataset.follow}?known=${encodeURIComponent(mark)}`;
        const answer = await fetch(address, { cache: "no-store", redirect: "error", signal });
        if (answer.status >= 400 && answer.status < 500) return; // it is not this browser's any more
        if (!answer.ok) throw new Error(answer.statusText);
        const news = await answer.json();
        if (signal.aborted) return;
        if (news.over) return location.replace(part.dataset.page);
        if (news.mark !== mark) show(news);
        mark = news.mark;
        pause = shortest;
      } catch {
        pause = Math.min(2 * pause, 30_000); // the network, or the server, is away
      }
    }
  };
  const start = () => {
    if (asking && !asking.signal.aborted) return;
    asking = new AbortController();
    ask(asking.signal);
  };
  const stop = () => asking.abort();
  addEventListener("submit", stop); // the answer to the form says what is next
  addEventListener("time-is-up", stop);
  addEventListener("pagehide", stop);
  addEventListener("pageshow", start);
  start();
}

document.querySelectorAll("form").forEach(sendOnce);
document.querySelectorAll("[data-follow]").forEach(follow);
document.querySelectorAll("[data-wait-seconds]").forEach(holdBack);
document.querySelectorAll("input.code").forEach(tidyCode);
document.querySelectorAll("input[type=password]").forEach(addReveal);
document.querySelectorAll("[data-seconds]").forEach(countDown);
// The browser puts the focus into the field marked `autofocus`, but not when the user comes back with the Back button.
addEventListener("pageshow", (event) => event.persisted && document.querySelector("[autofocus]")?.focus());

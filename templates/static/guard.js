// A form goes out once. A stop is heard as well as seen. A server that is gone is said in words, and the buttons
// that would lose what is typed are closed until it is back.

const every = 1000; // ms between two looks at the server, and the longest that an answer may take: two seconds in all

let gone = false;
let over = false; // nobody is signed in any more: an answer of the server changes nothing

// guard watches over forms; listening says that the page hears from the server by itself.
export function guard(listening) {
  document.addEventListener("submit", once, { capture: true }); // before others act on what does not go out
  document.addEventListener("keydown", hold);
  if (document.querySelector(".halt")) {
    beep();
  }
  if (!listening && document.querySelector("main form[method=post]")) {
    setInterval(look, every);
    addEventListener("offline", () => lost(true));
    addEventListener("online", look);
  }
}

function once(event) {
  const form = event.target;
  if (form.dataset.sent || gone) { // a scanner sends a form without pressing its button
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  const button = document.querySelector(`button.act[form="${form.id}"]`);
  if (button?.dataset.busy) {
    button.textContent = button.dataset.busy;
  }
}

// A key that is held down by a glove or a bag is not pressed many times.
function hold(event) {
  if (event.repeat && event.key === "Enter") {
    event.preventDefault();
  }
}

addEventListener("pageshow", () => {
  for (const form of document.forms) {
    delete form.dataset.sent;
  }
});

export async function look() {
  try {
    const answer = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(every) });
    lost(!answer.ok);
  } catch {
    lost(true);
  }
}

// lost says in words that the server is gone, or is back, and closes the buttons that would lose what is typed.
export function lost(now) {
  if (over && !now) {
    return;
  }
  gone = now;
  say("[data-lost]", gone);
  for (const button of document.querySelectorAll("button:not([type=button])")) {
    if (gone && !button.disabled) {
      button.disabled = true;
      button.dataset.closed = "1";
    } else if (!gone && button.dataset.closed) {
      button.disabled = false;
      delete button.dataset.closed;
    }
  }
}

// ended says that nobody is signed in here any more.
export function ended() {
  over = true;
  lost(true);
  say("[data-lost]", false);
  say("[data-ended]", true);
}

function say(words, now) {
  const at = document.querySelector(words);
  if (at) {
    at.hidden = !now;
  }
}

function beep() {
  try {
    const audio = new AudioContext();
    for (const [at, pitch] of [[0, 880], [0.25, 660], [0.5, 880]]) {
      const tone = audio.createOscillator();
      tone.type = "square";
      tone.frequency.value = pitch;
      tone.connect(audio.destination);
      tone.start(audio.currentTime + at);
      tone.stop(audio.currentTime + at + 0.2);
    }
  } catch {
    // No sound here: shape and words say it.
  }
}

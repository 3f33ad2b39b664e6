// The live stream: one connection while the tab is seen, taken up again where it was lost.

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 15000;
const SILENCE = 45000; // three of the server's beats

/** Calls `on.change`, `on.reload` and `on.lost(isLost)`. `address()` names the last change that was shown. */
export function listen(address, on) {
  let source = null;
  let wait = FIRST_WAIT;
  let retry = 0;
  let silence = 0;

  function alive() {
    clearTimeout(silence);
    silence = setTimeout(lose, SILENCE);
  }

  function stop() {
    clearTimeout(silence);
    clearTimeout(retry);
    source?.close();
    source = null;
  }

  function lose() {
    stop();
    on.lost(true);
    retry = setTimeout(start, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }

  function start() {
    stop();
    source = new EventSource(address());
    source.onerror = lose;
    source.addEventListener("hello", (event) => {
      wait = FIRST_WAIT;
      alive();
      on.lost(false);
      on.hello(JSON.parse(event.data).version);
    });
    source.addEventListener("beat", alive);
    source.addEventListener("reload", () => {
      stop();
      on.reload();
    });
    source.addEventListener("change", (event) => {
      alive();
      on.change(JSON.parse(event.data));
    });
    alive();
  }

  // A hidden tab gives its connection back: a browser opens only six to one server.
  document.addEventListener("visibilitychange", () => (document.hidden ? stop() : start()));
  addEventListener("online", start);
  addEventListener("pagehide", stop);
  if (!document.hidden) start();
}

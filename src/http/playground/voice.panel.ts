import { OWN_VOICE_SECTIONS } from "./own-voice.panel.js";

/**
 * The panel "Your voice", closed at first. `voice/panel.client.js` fills and moves the panel. Each section
 * reports its failures in an element with the role alert.
 */
export const VOICE_PANEL = `<details id="voice" class="voice">
<summary>Your voice</summary>
<div class="voice-body">
<p id="voice-alert" role="alert"></p>

<section id="voice-consent" aria-labelledby="voice-consent-title" hidden>
<h2 id="voice-consent-title">Consent</h2>
<p id="voice-consent-status" role="status"></p>
<p class="actions"><button type="button" id="voice-end-editions" hidden>Unpublish them</button></p>
<div id="voice-statement" class="statement" tabindex="0" role="group" aria-label="Statement"></div>
<p class="actions"><button type="button" id="voice-agree">I agree</button></p>
<details id="voice-leave">
<summary>Change my mind</summary>
<form id="voice-revoke">
<fieldset>
<legend>What happens to the recordings and voices?</legend>
<label><input type="radio" name="recordings" value="KEEP" checked> Keep them unused</label>
<label><input type="radio" name="recordings" value="DELETE"> Delete them; this cannot be undone</label>
</fieldset>
<p><label><input type="checkbox" name="unpublish"> Also unpublish what I published in my voice</label></p>
<button type="submit">Revoke consent</button>
</form>
</details>
<p role="alert"></p>
</section>

<section id="voice-templates" aria-labelledby="voice-templates-title" hidden>
<h2 id="voice-templates-title">What to record</h2>
<label>Way of speaking <select id="voice-template"></select></label>
<p id="voice-description"></p>
<p id="voice-missing" role="status"></p>
<p role="alert"></p>
</section>

<section id="voice-recording" aria-labelledby="voice-recording-title" hidden>
<h2 id="voice-recording-title">Record</h2>
<blockquote id="voice-prompt"></blockquote>
<p class="actions">
<span id="voice-prompt-seconds"></span>
<button type="button" id="voice-another">Another text</button>
</p>
<p class="actions">
<button type="button" id="voice-record">Record</button>
<button type="button" id="voice-stop" hidden>Stop</button>
<label>or choose a file: <input type="file" id="voice-file" accept="audio/*,video/webm,video/mp4"></label>
</p>
<p id="voice-live" class="actions" hidden>
<meter id="voice-level" min="-60" max="0" low="-40" high="-3" optimum="-20" aria-label="Level of the microphone"></meter>
<span id="voice-level-words"></span>
<span id="voice-elapsed" role="timer"></span>
</p>
<div id="voice-review" hidden>
<audio id="voice-heard" controls aria-label="The take, before sending"></audio>
<p class="actions">
<label><input type="checkbox" id="voice-is-read" checked> The take has the words of the text above</label>
</p>
<p class="actions">
<button type="button" id="voice-send">Send</button>
<button type="button" id="voice-discard">Discard</button>
</p>
</div>
<p id="voice-recording-status" role="status"></p>
<div id="voice-outcome" role="status"></div>
<p role="alert"></p>
</section>

<section id="voice-takes" aria-labelledby="voice-takes-title" hidden>
<h2 id="voice-takes-title" tabindex="-1">Takes</h2>
<p id="voice-takes-status" role="status"></p>
<ol id="voice-take-list"></ol>
<p class="actions"><button type="button" id="voice-reload">Reload the list</button></p>
<p role="alert"></p>
</section>

${OWN_VOICE_SECTIONS}
</div>
</details>`;

/**
 * The sections of the panel "Your voice" that train a voice, let the person hear the voice, and narrate
 * with the voice.
 */
export const OWN_VOICE_SECTIONS = `<section id="voice-training" aria-labelledby="voice-training-title" hidden>
<h2 id="voice-training-title" tabindex="-1">Train</h2>
<p id="voice-which-line" class="actions" hidden><label>Voice <select id="voice-which"></select></label></p>
<p id="voice-kind"></p>
<p class="actions"><label>Name of the voice <input type="text" id="voice-voice-name" maxlength="60" placeholder="My voice" autocomplete="off"></label></p>
<p class="actions">
<button type="button" id="voice-train" aria-describedby="voice-train-note">Train</button>
<span id="voice-train-note"></span>
</p>
<p id="voice-training-status" role="status"></p>
<ol id="voice-training-list"></ol>
<p role="alert"></p>
</section>

<section id="voice-hearing" aria-labelledby="voice-hearing-title" hidden>
<h2 id="voice-hearing-title">Hear your voice</h2>
<p class="actions">
<label>Story <select id="voice-story"></select></label>
<label>Search <input type="search" id="voice-story-search"></label>
</p>
<p id="voice-story-count" role="status"></p>
<fieldset>
<legend>Line</legend>
<div id="voice-lines"></div>
<p id="voice-lines-note"></p>
</fieldset>
<p id="voice-emotions" class="actions"></p>
<p id="voice-hearing-status" role="status"></p>
<audio id="voice-spoken" controls aria-label="The line" hidden></audio>
<p role="alert"></p>
</section>

<section id="voice-narrating" aria-labelledby="voice-narrating-title" hidden>
<h2 id="voice-narrating-title" tabindex="-1">Narrate</h2>
<p class="actions"><button type="button" id="voice-narrate">Make a narration in my voice</button></p>
<p id="voice-narration-status" role="status"></p>
<div id="voice-narration" hidden>
<fieldset>
<legend>Voices of the characters</legend>
<ul id="voice-cast"></ul>
<p id="voice-cast-note"></p>
</fieldset>
<p class="actions">
<button type="button" id="voice-render">Render</button>
<button type="button" id="voice-cancel" hidden>Cancel the render</button>
<button type="button" id="voice-publish">Publish</button>
<button type="button" id="voice-unpublish" hidden>Unpublish</button>
</p>
<p id="voice-render-progress" class="actions" hidden>
<progress id="voice-render-bar" max="1" value="0" aria-label="Render"></progress>
<span id="voice-render-words"></span>
</p>
<audio id="voice-narration-sound" controls preload="metadata" aria-label="The narration" hidden></audio>
</div>
<p role="alert"></p>
</section>`;

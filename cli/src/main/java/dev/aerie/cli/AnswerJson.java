package dev.aerie.cli;

import dev.aerie.eagle.Answer;
import dev.aerie.tensor.Torch;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// An answer as one JSON object.
final class AnswerJson {

    private AnswerJson() {}

    static String of(Answer answer) {
        var timings = answer.timings();
        var json = new LinkedHashMap<String, Object>();
        json.put("text", answer.text());
        json.put("ids", answer.ids());
        json.put("logprobs", answer.logprobs());
        json.put("prompt_ids", answer.promptIds());
        json.put("end", answer.end().name().toLowerCase(Locale.ROOT));
        if (!answer.looked().isEmpty()) {
            json.put("experts", answer.looked());
        }
        json.put(
                "timings",
                Map.of(
                        "look_s", timings.look(),
                        "prefill_s", timings.prefill(),
                        "decode_s", timings.decode(),
                        "prompt_tokens", timings.promptTokens(),
                        "tokens_per_s", timings.decode() > 0 ? (answer.ids().length - 1) / timings.decode() : 0,
                        "peak_resident_bytes", Torch.peakResidentBytes()));
        return JsonMapper.shared().writeValueAsString(json);
    }

    /// In the place of an answer.
    static String failed(String why) {
        return JsonMapper.shared().writeValueAsString(Map.of("error", why));
    }
}

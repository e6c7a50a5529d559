package dev.aerie.text;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import tools.jackson.databind.JsonNode;

/// The decoder of Llama's `tokenizer.json`, id by id: `▁` becomes a space, a run of byte tokens becomes characters if
/// all of it is valid UTF-8 and else one U+FFFD per byte, and the first space of the text goes if the file says so.
final class ByteFallbackText implements StreamingDecoder {

    private static final List<String> STEPS = List.of("Replace", "ByteFallback", "Fuse");
    private static final String STRIP = "Strip";

    private final IntFunction<String> tokens;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean firstSpaceGoes;

    /// `tokens` gives the token of an id, empty where it is left out.
    ByteFallbackText(IntFunction<String> tokens, boolean firstSpaceGoes) {
        this.tokens = tokens;
        this.firstSpaceGoes = firstSpaceGoes;
    }

    /// Makes one that does what this decoder of a `tokenizer.json` does, if it is of the kind.
    static Optional<StreamingDecoder> of(JsonNode decoder, IntFunction<String> tokens) {
        var steps = decoder.path("decoders");
        var types =
                steps.valueStream().map(step -> step.path("type").asString("")).toList();
        var strip = steps.path(STEPS.size());
        var strips = strip.path("type").asString("").equals(STRIP)
                && strip.path("content").asString("").equals(" ")
                && strip.path("start").asInt(0) == 1
                && strip.path("stop").asInt(1) == 0;
        var fits = types.size() == STEPS.size() + (strips ? 1 : 0)
                && types.subList(0, STEPS.size()).equals(STEPS)
                && steps.path(0).path("pattern").path("String").asString("").equals(Normalizer.SPACE_SYMBOL)
                && steps.path(0).path("content").asString("").equals(" ");
        return fits ? Optional.of(new ByteFallbackText(tokens, strips)) : Optional.empty();
    }

    @Override
    public String next(int id) {
        var token = tokens.apply(id);
        if (token.isEmpty()) {
            return "";
        }
        if (token.matches("<0x[0-9A-Fa-f]{2}>")) {
            bytes.write(HexFormat.fromHexDigits(token, 3, 5));
            return "";
        }
        return stripped(run() + token.replace(Normalizer.SPACE_SYMBOL, " "));
    }

    @Override
    public String finish() {
        return stripped(run());
    }

    /// The text of the byte tokens since the last other one.
    private String run() {
        var run = bytes.toByteArray();
        bytes.reset();
        for (var at = 0; at < run.length; ) {
            var length = Utf8.character(run, at, run.length);
            if (length <= 0) {
                return "\uFFFD".repeat(run.length);
            }
            at += length;
        }
        return Utf8.string(run);
    }

    private String stripped(String text) {
        var strips = firstSpaceGoes && text.startsWith(" ");
        firstSpaceGoes &= text.isEmpty();
        return strips ? text.substring(1) : text;
    }
}

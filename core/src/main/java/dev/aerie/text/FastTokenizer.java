package dev.aerie.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.aerie.AerieException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A `tokenizer.json`, run by the Hugging Face tokenizers library (native, through DJL).
final class FastTokenizer implements Tokenizer {

    private final FastTokenizerFile file;
    private final TokenizerConfig config;
    private final HuggingFaceTokenizer encoder;
    private final AddedTokens controls;
    private final Map<Integer, String> tokens = new HashMap<>();
    private final boolean cleanUp;
    private final Frame frame;
    /// Knows no control tokens; built when a user first writes one.
    private @Nullable HuggingFaceTokenizer literalEncoder;

    private FastTokenizer(FastTokenizerFile file, TokenizerConfig config) {
        this.file = file;
        this.config = config;
        this.encoder = build(file.path(), file.json());
        this.controls = new AddedTokens(file.added().values().stream()
                .filter(AddedToken::isControl)
                .map(AddedToken::anywhere)
                .toList());
        file.ids().forEach((token, id) -> tokens.put(id, token));
        boolean llama = isLlama(config);
        this.cleanUp = config.flag("clean_up_tokenization_spaces", !llama);
        this.frame = llama ? llamaFrame() : Frame.read(file.frame(), file.path().toString());
    }

    private static boolean isLlama(TokenizerConfig config) {
        return config.tokenizerClass().startsWith("Llama");
    }

    /// The Llama classes put up their own frame, whatever the file says.
    private Frame llamaFrame() {
        return new Frame(
                config.flag("add_bos_token", true) ? bos().stream().toArray() : new int[0],
                config.flag("add_eos_token", false) ? eos().stream().toArray() : new int[0]);
    }

    static FastTokenizer open(Path path, TokenizerConfig config) {
        var full = isLlama(config) ? config.withDefaults(SentencePiece.DEFAULTS) : config;
        return new FastTokenizer(FastTokenizerFile.read(path, full), full);
    }

    /// The library asks the cloud where it runs, and tells its makers, unless told not to.
    private static final String NO_TRACKING = "OPT_OUT_TRACKING";

    private static HuggingFaceTokenizer build(Path path, ObjectNode json) {
        System.setProperty(NO_TRACKING, "true");
        var options = Map.of("truncation", "do_not_truncate", "padding", "do_not_pad");
        try {
            var bytes = json.toString().getBytes(StandardCharsets.UTF_8);
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(bytes), options);
        } catch (LinkageError e) {
            throw failed("use " + path, "the native tokenizers library does not load on this platform", e);
        } catch (IOException | RuntimeException e) {
            throw failed("use " + path, "the file is damaged or newer than the tokenizers library, fetch it again", e);
        }
    }

    private static AerieException failed(String what, String advice, Throwable e) {
        return new AerieException("cannot " + what + ": " + e.getMessage() + "; " + advice, e);
    }

    @Override
    public int[] encode(List<Span> spans) {
        var text = Marked.of(spans);
        var inner = text.literal().isEmpty() ? ids(encoder, text.text()) : guarded(text);
        return frame.around(inner);
    }

    /// Encodes text that holds user text. Where no control token stands in that, the whole is encoded in one go;
    /// otherwise the text between the trusted control tokens is encoded as if there were none.
    private int[] guarded(Marked text) {
        var parts = controls.split(text);
        if (cuts(parts).equals(cuts(controls.split(Marked.trusted(text.text()))))) {
            var ids = ids(encoder, text.text());
            var expected = parts.stream().filter(this::isForbidden).count();
            if (IntStream.of(ids).filter(this::isForbidden).count() == expected) {
                return ids;
            }
        }
        var ids = IntStream.builder();
        var literal = new StringBuilder();
        for (var part : parts) {
            if (part.token() == null) {
                literal.append(part.text().text());
            } else {
                literal(literal, ids);
                ids.add(file.id(part.text().text()).orElseThrow());
            }
        }
        literal(literal, ids);
        return ids.build().toArray();
    }

    /// The parts as texts, each with a mark that tells whether it is a token.
    private static List<String> cuts(List<AddedTokens.Part> parts) {
        return parts.stream()
                .map(part -> (part.token() == null ? "text " : "token ")
                        + part.text().text())
                .toList();
    }

    private void literal(StringBuilder text, IntStream.Builder ids) {
        if (!text.isEmpty()) {
            IntStream.of(ids(literalEncoder(), text.toString()))
                    .filter(id -> !isForbidden(id))
                    .forEach(ids);
            text.setLength(0);
        }
    }

    private boolean isForbidden(AddedTokens.Part part) {
        return part.token() != null && file.id(part.text().text()).stream().anyMatch(this::isForbidden);
    }

    /// Whether literal text must not turn into this token.
    private boolean isForbidden(int id) {
        return isControl(id) && unk().stream().noneMatch(unknown -> unknown == id);
    }

    private synchronized HuggingFaceTokenizer literalEncoder() {
        var built = literalEncoder;
        if (built == null) {
            built = build(file.path(), file.literal());
            literalEncoder = built;
        }
        return built;
    }

    private int[] ids(HuggingFaceTokenizer tokenizer, String text) {
        try {
            var encoding = tokenizer.encode(Utf8.wellFormed(text), false, false);
            return LongStream.of(encoding.getIds()).mapToInt(Math::toIntExact).toArray();
        } catch (RuntimeException e) {
            throw failed("encode a text with " + file.path(), "does the tokenizer have an unknown token?", e);
        }
    }

    @Override
    public String decode(int[] ids, boolean skipSpecial) {
        return words(skipSpecial).map(words -> text(words, ids)).orElseGet(() -> {
            var known =
                    IntStream.of(ids).filter(tokens::containsKey).asLongStream().toArray();
            var text = known.length == 0 ? "" : encoder.decode(known, skipSpecial);
            return cleanUp ? CleanUp.apply(text) : text;
        });
    }

    private static String text(StreamingDecoder words, int[] ids) {
        var text = new StringBuilder();
        for (var id : ids) {
            text.append(words.next(id));
        }
        return text.append(words.finish()).toString();
    }

    /// Text of byte-level tokenizers and of Llama's grows with the ids; of other kinds nothing is certain before the
    /// end, as their decoders may change all that came before.
    @Override
    public StreamingDecoder streaming() {
        return words(true).orElseGet(AtTheEnd::new);
    }

    private Optional<StreamingDecoder> words(boolean skipSpecial) {
        IntFunction<String> text = id -> skipSpecial && isSpecial(id) ? "" : tokens.getOrDefault(id, "");
        var decoder = file.json().path("decoder");
        var words = decoder.path("type").asString("").equals("ByteLevel")
                ? Optional.<StreamingDecoder>of(new ByteLevelText(text))
                : ByteFallbackText.of(decoder, text);
        return words.map(each -> cleanUp ? CleanUp.streaming(each) : each);
    }

    private final class AtTheEnd implements StreamingDecoder {

        private final IntStream.Builder ids = IntStream.builder();

        @Override
        public String next(int id) {
            ids.add(id);
            return "";
        }

        @Override
        public String finish() {
            return decode(ids.build().toArray(), true);
        }
    }

    @Override
    public String token(int id) {
        var token = tokens.get(id);
        if (token == null) {
            throw new AerieException("cannot find the token " + id + ": " + file.path() + " has " + size()
                    + " tokens; do the ids come from another model?");
        }
        return token;
    }

    @Override
    public OptionalInt id(String token) {
        return file.id(token);
    }

    @Override
    public int size() {
        return file.ids().size();
    }

    @Override
    public OptionalInt bos() {
        return role("bos_token");
    }

    @Override
    public OptionalInt eos() {
        return role("eos_token");
    }

    @Override
    public OptionalInt unk() {
        return role("unk_token");
    }

    @Override
    public OptionalInt pad() {
        return role("pad_token");
    }

    private OptionalInt role(String name) {
        var token = config.role(name);
        return token.isPresent() ? id(token.get().content()) : OptionalInt.empty();
    }

    private boolean isSpecial(int id) {
        var token = file.added().get(id);
        return token != null && token.special();
    }

    @Override
    public boolean isControl(int id) {
        var token = file.added().get(id);
        return token != null && token.isControl();
    }
}

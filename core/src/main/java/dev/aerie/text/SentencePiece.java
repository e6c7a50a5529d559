package dev.aerie.text;

import dev.aerie.AerieException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// A `tokenizer.model` with the conventions of transformers' (slow) `LlamaTokenizer` around it: added tokens are
/// cut out first, and what lies between them is encoded on its own, in one of two ways. `legacy`: each stretch
/// gets the model's `▁` prefix. Not `legacy`: only the beginning of the text does.
final class SentencePiece implements Tokenizer {

    static final Map<String, String> DEFAULTS = Map.of("bos_token", "<s>", "eos_token", "</s>", "unk_token", "<unk>");

    private final Path file;
    private final SentencePieceModel model;
    private final TokenizerConfig config;
    private final boolean legacy;
    private final boolean addPrefixSpace;
    private final boolean cleanUp;
    private final Map<Integer, AddedToken> added = new TreeMap<>();
    private final Map<String, Integer> addedIds = new HashMap<>();
    private final AddedTokens splitter;
    private final Set<String> specials = new HashSet<>();
    private final Set<Integer> specialIds = new HashSet<>();
    private final Set<String> apart = new HashSet<>();
    private final int size;
    private final String unknown;
    private final int unknownLength;

    private SentencePiece(Path file, SentencePieceModel model, TokenizerConfig config) {
        this.file = file;
        this.model = model;
        this.config = config;
        this.legacy = config.flag("legacy", true);
        this.addPrefixSpace = config.flag("add_prefix_space", true);
        this.cleanUp = config.flag("clean_up_tokenization_spaces", false);
        config.added().forEach(this::add);
        this.size = addSpecials();
        this.splitter = new AddedTokens(added.values());
        for (var special : config.specials()) {
            specials.add(special.content());
            specialIds.add(idOrUnknown(special.content()));
        }
        added.values().forEach(token -> apart.add(token.content()));
        apart.removeAll(specials);
        config.additional().stream()
                .filter(token ->
                        idOrUnknown(token.content()) >= model.vocabulary().size())
                .forEach(token -> apart.add(token.content()));
        this.unknown = config.role("unk_token").map(AddedToken::content).orElse("<unk>");
        this.unknownLength = model.encode(Marked.trusted(unknown)).length;
    }

    static SentencePiece open(Path file, TokenizerConfig config) {
        try {
            var full = config.withDefaults(DEFAULTS);
            var model = SentencePieceModel.read(Files.readAllBytes(file), file.toString(), full.flag("legacy", true));
            return new SentencePiece(file, model, full);
        } catch (IOException e) {
            throw new AerieException("cannot read " + file + ": " + e, e);
        }
    }

    private void add(int id, AddedToken token) {
        added.put(id, token);
        addedIds.put(token.content(), id);
    }

    /// Special tokens that the model lacks get ids behind all others. Returns how many tokens there are.
    private int addSpecials() {
        var vocabulary = model.vocabulary();
        var known = new HashSet<String>(addedIds.keySet());
        for (var id = 0; id < vocabulary.size(); id++) {
            known.add(vocabulary.text(id));
        }
        for (var special : config.specials()) {
            var content = special.content();
            var id = addedIds.get(content);
            if (id == null && !content.isEmpty()) {
                id = known.add(content)
                        ? known.size() - 1
                        : vocabulary.id(content).orElseThrow();
            }
            if (id != null) {
                add(id, special);
            }
        }
        return known.size();
    }

    @Override
    public int[] encode(List<Span> spans) {
        var ids = IntStream.builder();
        if (config.flag("add_bos_token", true)) {
            bos().ifPresent(ids);
        }
        ids(Marked.of(spans)).forEach(ids);
        if (config.flag("add_eos_token", false)) {
            eos().ifPresent(ids);
        }
        return ids.build().toArray();
    }

    private IntStream ids(Marked text) {
        if (text.isEmpty()) {
            return IntStream.empty();
        }
        if (legacy) {
            return splitter.split(text).stream().flatMapToInt(this::ids);
        }
        var spaced = new Marked(text.text().replace(Normalizer.SPACE_SYMBOL, " "), text.literal());
        var prefixed = addPrefixSpace ? Marked.trusted(Normalizer.SPACE_SYMBOL).plus(spaced) : spaced;
        var parts = splitter.split(prefixed);
        return parts.stream().skip(isBarePrefix(parts) ? 1 : 0).flatMapToInt(this::ids);
    }

    /// Whether nothing but the prefix stands before a special token; then it is left out.
    private boolean isBarePrefix(List<AddedTokens.Part> parts) {
        if (parts.size() < 2 || parts.getFirst().token() != null) {
            return false;
        }
        var token = parts.get(1).token();
        if (token == null || !specials.contains(token.content())) {
            return false;
        }
        var first = parts.getFirst();
        var ids = ids(first).toArray();
        var isPrefix = first.text().text().equals(Normalizer.SPACE_SYMBOL);
        return ids.length == 1
                && (isPrefix && ids[0] == model.vocabulary().unknown()
                        || token(ids[0]).equals(Normalizer.SPACE_SYMBOL));
    }

    private IntStream ids(AddedTokens.Part part) {
        var token = part.token();
        return token == null ? stretch(part.text()) : IntStream.of(idOrUnknown(token.content()));
    }

    /// Encodes text between added tokens. Without the prefix, SentencePiece would drop a leading space, so the
    /// reference encodes behind the unknown token and cuts that off.
    private IntStream stretch(Marked text) {
        var spaced = text.text().startsWith(" ") || text.text().startsWith(Normalizer.SPACE_SYMBOL);
        if (legacy || !spaced) {
            return IntStream.of(model.encode(text)).map(this::preferAdded);
        }
        var ids = model.encode(Marked.trusted(unknown).plus(text));
        return IntStream.of(ids)
                .skip(ids.length >= unknownLength ? unknownLength : 0)
                .map(this::preferAdded);
    }

    private int preferAdded(int piece) {
        return addedIds.getOrDefault(model.vocabulary().text(piece), piece);
    }

    @Override
    public String decode(int[] ids, boolean skipSpecial) {
        var out = new StringBuilder();
        var group = new ArrayList<String>();
        var first = true;
        for (var id : ids) {
            var token = token(id);
            if (skipSpecial && specialIds.contains(id)) {
                continue;
            }
            if (!apart.contains(token)) {
                group.add(token);
                continue;
            }
            var text = text(group);
            if (!text.isEmpty()) {
                out.append(first ? "" : " ").append(text);
                first = false;
            }
            group.clear();
            out.append(first ? "" : " ").append(token);
            first = false;
        }
        if (!group.isEmpty()) {
            out.append(first ? "" : " ").append(text(group));
        }
        return cleanUp ? CleanUp.apply(out.toString()) : out.toString();
    }

    /// The text of tokens none of which stands apart. Where special tokens lie between, spaces appear as the reference
    /// makes them appear: in legacy mode before the text that a special token ends.
    private String text(List<String> tokens) {
        var out = new StringBuilder();
        var run = new PieceDecoder(model);
        var text = new StringBuilder();
        var afterSpecial = false;
        for (var i = 0; i < tokens.size(); i++) {
            var token = i == 0 ? withoutPrefix(tokens.getFirst()) : tokens.get(i);
            if (specials.contains(token)) {
                run.finish(text);
                out.append(legacy && !afterSpecial && i > 0 ? " " : "")
                        .append(text)
                        .append(token);
                run = new PieceDecoder(model);
                text.setLength(0);
                afterSpecial = true;
            } else {
                if (afterSpecial && i == 1 && addPrefixSpace && !token.startsWith(Normalizer.SPACE_SYMBOL)) {
                    out.append(' ');
                }
                run.accept(token, text);
                afterSpecial = false;
            }
        }
        run.finish(text);
        return out.append(text).toString();
    }

    private String withoutPrefix(String token) {
        return addPrefixSpace && token.startsWith(Normalizer.SPACE_SYMBOL) ? token.substring(1) : token;
    }

    @Override
    public StreamingDecoder streaming() {
        var words = new Words();
        return cleanUp ? CleanUp.streaming(words) : words;
    }

    /// [#decode] for ids that arrive one by one, special tokens left out.
    private final class Words implements StreamingDecoder {

        private PieceDecoder group = new PieceDecoder(model);
        private boolean groupEmpty = true;
        private boolean spaceDue;
        private boolean groupSilent = true;

        @Override
        public String next(int id) {
            if (added.get(id) == null && (id < 0 || id >= model.vocabulary().size())) {
                return ""; // a row of the model's table beyond the vocabulary
            }
            var token = token(id);
            if (specialIds.contains(id)) {
                return "";
            }
            var text = new StringBuilder();
            if (!apart.contains(token)) {
                group.accept(groupEmpty ? withoutPrefix(token) : token, text);
                groupEmpty = false;
                return spaced(text);
            }
            group.finish(text);
            var before = spaced(text);
            var after = spaceDue || !groupSilent ? " " + token : token;
            group = new PieceDecoder(model);
            groupEmpty = true;
            groupSilent = true;
            spaceDue = true;
            return before + after;
        }

        /// The group's text; its first characters bring along the space that parts it from the token before.
        private String spaced(StringBuilder text) {
            if (text.isEmpty() || !groupSilent) {
                return text.toString();
            }
            groupSilent = false;
            return spaceDue ? " " + text : text.toString();
        }

        @Override
        public String finish() {
            var text = new StringBuilder();
            group.finish(text);
            var rest = spaced(text);
            return rest.isEmpty() && groupSilent && !groupEmpty && spaceDue ? " " : rest;
        }
    }

    @Override
    public String token(int id) {
        var token = added.get(id);
        if (token != null) {
            return token.content();
        }
        if (id < 0 || id >= model.vocabulary().size()) {
            throw new AerieException("cannot find the token " + id + ": " + file + " has " + size
                    + " tokens; do the ids come from another model?");
        }
        return model.vocabulary().text(id);
    }

    @Override
    public OptionalInt id(String token) {
        var id = addedIds.get(token);
        return id != null ? OptionalInt.of(id) : model.vocabulary().id(token);
    }

    private int idOrUnknown(String token) {
        return id(token).orElse(model.vocabulary().unknown());
    }

    @Override
    public int size() {
        return size;
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
        return token.isPresent() ? OptionalInt.of(idOrUnknown(token.get().content())) : OptionalInt.empty();
    }

    @Override
    public boolean isControl(int id) {
        var token = added.get(id);
        if (token != null) {
            return token.isControl();
        }
        var vocabulary = model.vocabulary();
        if (id < 0 || id >= vocabulary.size()) {
            return false;
        }
        return switch (vocabulary.type(id)) {
            case CONTROL, UNKNOWN -> true;
            case USER_DEFINED -> vocabulary.isMarker(id);
            default -> false;
        };
    }
}

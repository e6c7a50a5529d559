package dev.aerie.text;

import dev.aerie.AerieException;
import java.util.ArrayList;
import java.util.Optional;
import java.util.stream.IntStream;

/// A SentencePiece model (`tokenizer.model`, a `ModelProto` message): text to pieces as SentencePiece 0.2 does it.
final class SentencePieceModel {

    private static final int UNIGRAM = 1;
    private static final int BPE = 2;

    private final Vocabulary vocabulary;
    private final Normalizer.Spec spec;
    private final Normalizer normalizer;
    private final Segmenter segmenter;
    private final String unknownSurface;

    private SentencePieceModel(
            Vocabulary vocabulary, Normalizer.Spec spec, SymbolMatcher symbols, Segmenter segmenter, String unknown) {
        this.vocabulary = vocabulary;
        this.spec = spec;
        this.normalizer = new Normalizer(spec, symbols);
        this.segmenter = segmenter;
        this.unknownSurface = unknown;
    }

    /// Reads a model; `dummyPrefix` false leaves out the `▁` that the model may put before every text.
    static SentencePieceModel read(byte[] file, String name, boolean dummyPrefix) {
        var parts = new Parts(name);
        var in = new Protobuf(file, name);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> parts.piece(in.message());
                case 2 -> parts.trainer(in.message());
                case 3 -> parts.normalizer(in.message());
                case 5 -> parts.denormalizer(in.message());
                default -> in.skip();
            }
        }
        return parts.assemble(dummyPrefix);
    }

    /// The ids of the pieces that the text falls into.
    int[] encode(Marked text) {
        var normalized = normalizer.normalize(text.bytes());
        var ids = IntStream.builder();
        var unknownRun = new boolean[1];
        segmenter.segment(normalized, (from, to, id) -> {
            var unknown = id == vocabulary.unknown();
            if (unknown && vocabulary.byteFallback()) {
                for (var i = from; i < to; i++) {
                    ids.add(vocabulary.ofByte(normalized.utf8()[i]));
                }
            } else if (!(unknown && unknownRun[0])) {
                ids.add(id);
            }
            unknownRun[0] = unknown;
        });
        return ids.build().toArray();
    }

    Vocabulary vocabulary() {
        return vocabulary;
    }

    Normalizer.Spec spec() {
        return spec;
    }

    /// What an unknown piece reads as.
    String unknownSurface() {
        return unknownSurface;
    }

    /// What the file holds, as far as it has been read.
    private static final class Parts {

        private final String name;
        private final ArrayList<Vocabulary.Piece> pieces = new ArrayList<>();
        private int model = UNIGRAM;
        private boolean byteFallback;
        private boolean whitespaceAsSuffix;
        private String unknownSurface = " \u2047 ";
        private Optional<Charsmap> rules = Optional.empty();
        private boolean dummyPrefix = true;
        private boolean removeExtraWhitespaces = true;
        private boolean escapeWhitespaces = true;

        Parts(String name) {
            this.name = name;
        }

        void piece(Protobuf in) {
            var bytes = new byte[0];
            var score = 0f;
            var type = 1;
            while (in.next()) {
                switch (in.field()) {
                    case 1 -> bytes = in.bytes();
                    case 2 -> score = in.real();
                    case 3 -> type = in.integer();
                    default -> in.skip();
                }
            }
            var types = Vocabulary.Type.values();
            if (type < 1 || type > types.length) {
                throw new AerieException("cannot use " + name + ": piece " + pieces.size() + " has the unknown type "
                        + type + "; the file is damaged, fetch it again");
            }
            pieces.add(new Vocabulary.Piece(bytes, score, types[type - 1]));
        }

        void trainer(Protobuf in) {
            while (in.next()) {
                switch (in.field()) {
                    case 3 -> model = in.integer();
                    case 24 -> whitespaceAsSuffix = in.flag();
                    case 35 -> byteFallback = in.flag();
                    case 44 -> unknownSurface = Utf8.string(in.bytes());
                    default -> in.skip();
                }
            }
        }

        void normalizer(Protobuf in) {
            while (in.next()) {
                switch (in.field()) {
                    case 2 -> rules = charsmap(in.bytes());
                    case 3 -> dummyPrefix = in.flag();
                    case 4 -> removeExtraWhitespaces = in.flag();
                    case 5 -> escapeWhitespaces = in.flag();
                    default -> in.skip();
                }
            }
        }

        void denormalizer(Protobuf in) {
            while (in.next()) {
                if (in.field() == 2 && charsmap(in.bytes()).isPresent()) {
                    throw new AerieException("cannot use " + name + ": it has rules that change decoded text back, "
                            + "which no EAGLE model needs; convert it without denormalisation rules");
                } else if (in.field() != 2) {
                    in.skip();
                }
            }
        }

        private Optional<Charsmap> charsmap(byte[] blob) {
            return blob.length == 0 ? Optional.empty() : Optional.of(new Charsmap(blob, name));
        }

        SentencePieceModel assemble(boolean wantDummyPrefix) {
            var vocabulary = new Vocabulary(pieces, byteFallback, name);
            var symbols = new SymbolMatcher(vocabulary);
            var segmenter = switch (model) {
                case UNIGRAM -> new Unigram(vocabulary, symbols);
                case BPE -> new Bpe(vocabulary, symbols);
                default ->
                    throw new AerieException("cannot use " + name + ": model type " + model
                            + " is neither unigram (1) nor BPE (2); train or choose one of these");
            };
            var spec = new Normalizer.Spec(
                    rules,
                    dummyPrefix && wantDummyPrefix,
                    removeExtraWhitespaces,
                    escapeWhitespaces,
                    whitespaceAsSuffix);
            return new SentencePieceModel(vocabulary, spec, symbols, segmenter, unknownSurface);
        }
    }
}

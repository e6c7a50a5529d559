package dev.aerie.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Ids of a prompt with pictures: each picture is one id, [#IMAGE], which the visual tokens later replace. The text
/// before, between and behind the pictures is encoded piece by piece, each piece as if it were the beginning of a text.
public final class ImageSlots {

    /// The id that stands for a picture; no token has it.
    public static final int IMAGE = -200;

    /// What stands for a picture in a prompt.
    public static final String MARKER = "<image>";

    private ImageSlots() {}

    /// The ids of a prompt in which every `<image>` is a picture: the reference's `tokenizer_image_token`. Only for
    /// prompts that no user wrote any part of.
    public static int[] encode(Tokenizer tokenizer, String prompt) {
        return join(tokenizer, List.of(prompt.split(MARKER, -1)), tokenizer::encode);
    }

    /// The ids of a conversation: the pictures are those that the turns ask for, and nothing in a question or an answer
    /// is a picture or a control token. For harmless text the same as `encode(tokenizer, template.prompt(turns))`.
    public static int[] encode(Tokenizer tokenizer, Template template, List<Turn> turns) {
        return encode(tokenizer, template.spans(turns));
    }

    /// The ids of spans in which every trusted span that is just `<image>` is a picture.
    public static int[] encode(Tokenizer tokenizer, List<Span> spans) {
        var pieces = new ArrayList<List<Span>>();
        pieces.add(new ArrayList<>());
        for (var span : spans) {
            if (span.trusted() && span.text().equals(MARKER)) {
                pieces.add(new ArrayList<>());
            } else {
                pieces.getLast().add(span);
            }
        }
        return join(tokenizer, pieces, tokenizer::encode);
    }

    private static <T> int[] join(Tokenizer tokenizer, List<T> pieces, Function<T, int[]> encode) {
        var ids = IntStream.builder();
        var dropsBos = false;
        for (var i = 0; i < pieces.size(); i++) {
            var piece = encode.apply(pieces.get(i));
            var beginsWithBos = piece.length > 0 && tokenizer.bos().stream().anyMatch(bos -> bos == piece[0]);
            if (i == 0) {
                dropsBos = beginsWithBos;
            } else {
                ids.add(IMAGE);
            }
            Arrays.stream(piece)
                    .skip(i > 0 && dropsBos && beginsWithBos ? 1 : 0)
                    .forEach(ids);
        }
        return ids.build().toArray();
    }
}

package dev.aerie.train.data;

import dev.aerie.AerieException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/// How the questions of one record share a row.
public enum RowForm {
    /// As a conversation: each question sees those before it and their answers.
    CONVERSATION,
    /// Each question sees the picture and itself alone, as if it were the only one. The picture is paid for once.
    INDEPENDENT_TURNS;

    /// As manifests write it: `conversation`, `independent-turns`.
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The form of this label.
    public static RowForm named(String label) {
        return Arrays.stream(values())
                .filter(form -> form.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new AerieException("there are no rows of the form '" + label + "': expected "
                        + Arrays.stream(values()).map(RowForm::label).collect(Collectors.joining(" or "))));
    }
}

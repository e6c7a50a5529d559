package dev.aerie.parity;

import dev.aerie.AerieException;
import dev.aerie.tensor.Tensor;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A part of a tensor in NumPy's notation, as the cases name it: `pixel_values[:, :, 480:496, 100:132]`.
final class Slice {

    private static final Pattern FORM = Pattern.compile("\\w+\\[(.*)]");
    private static final Pattern RANGE = Pattern.compile("(\\d*):(\\d*)(?::(\\d*))?");

    private Slice() {}

    static Tensor of(Tensor tensor, String text) {
        var form = FORM.matcher(text);
        if (!form.matches()) {
            throw unreadable(text);
        }
        var ranges = form.group(1).split(",");
        for (int dim = 0; dim < ranges.length; dim++) {
            var range = RANGE.matcher(ranges[dim].strip());
            if (!range.matches()) {
                throw unreadable(text);
            }
            tensor = tensor.slice(
                    dim,
                    number(range.group(1), 0),
                    number(range.group(2), tensor.size(dim)),
                    number(range.group(3), 1));
        }
        return tensor;
    }

    private static long number(@Nullable String digits, long otherwise) {
        return digits == null || digits.isEmpty() ? otherwise : Long.parseLong(digits);
    }

    private static AerieException unreadable(String text) {
        return new AerieException("golden case has the slice '" + text + "': expected one like name[:, 5::31]");
    }
}

package dev.aerie.parity;

import dev.aerie.image.Filter;
import dev.aerie.image.Picture;
import dev.aerie.image.Resize;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// Pillow's `resize` on pictures made by a formula: SHA-256 of the result, its first bytes and the pixel in its middle.
public final class ResizeKind implements Kind {

    @Override
    public String name() {
        return "resize";
    }

    @Override
    public List<Outcome> run(GoldenFile file) {
        var outcomes = new ArrayList<Outcome>();
        for (var item : file.json().required("cases")) {
            var name = file.path().getFileName() + " " + item.required("width").asInt() + "x"
                    + item.required("height").asInt() + " to "
                    + item.required("to_width").asInt() + "x"
                    + item.required("to_height").asInt() + " "
                    + item.required("filter").asString();
            outcomes.add(Outcomes.guarded(name(), name, () -> measures(item)));
        }
        return outcomes;
    }

    private static List<Measure> measures(JsonNode item) {
        var input = picture(
                item.required("width").asInt(),
                item.required("height").asInt(),
                item.required("seed").asLong());
        var filter = Filter.valueOf(item.required("filter").asString().toUpperCase(Locale.ROOT));
        var result = Resize.resize(
                input,
                item.required("to_width").asInt(),
                item.required("to_height").asInt(),
                filter);
        var measures = new ArrayList<Measure>();
        measures.add(Measure.exact("sha256", item.required("sha256").asString(), result.sha256()));
        if (item.has("first_row")) {
            measures.add(bytes("first_row", item.required("first_row"), result, 0));
        }
        if (item.has("middle")) {
            var middle = result.height() / 2 * result.width() + result.width() / 2;
            measures.add(bytes("middle", item.required("middle"), result, 3 * middle));
        }
        return measures;
    }

    private static Measure bytes(String field, JsonNode expected, Picture picture, int from) {
        var wanted = new ArrayList<Integer>();
        var found = new ArrayList<Integer>();
        for (var value : expected) {
            found.add(picture.rgb()[from + wanted.size()] & 0xFF);
            wanted.add(value.asInt());
        }
        return Measure.exact(field, wanted, found);
    }

    /// The picture `golden-u8-v1`: noise from a multiplicative hash over slanted ramps, one part to three.
    static Picture picture(int width, int height, long seed) {
        var rgb = new byte[3 * width * height];
        for (var i = 0; i < rgb.length; i++) {
            var noise = ((i * 2654435761L + seed * 40503) & 0xFFFFFFFFL) >>> 24;
            var pixel = i / 3;
            var base = (3L * (pixel % width) + 5L * (pixel / width) + 40L * (i % 3)) % 256;
            rgb[i] = (byte) ((noise + 3 * base) / 4);
        }
        return new Picture(width, height, rgb);
    }
}

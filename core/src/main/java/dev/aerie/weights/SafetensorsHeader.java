package dev.aerie.weights;

import dev.aerie.tensor.DType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The JSON header of a safetensors file, each entry checked on its own.
record SafetensorsHeader(Map<String, String> metadata, List<Entry> entries) {

    /// Not the name of a tensor but of the file's own description.
    static final String METADATA = "__metadata__";

    /// One tensor: `begin` and `end` are bytes from the end of the header.
    @SuppressWarnings("ArrayRecordComponent")
    record Entry(String name, DType dtype, long[] shape, long[] strides, long begin, long end) {
        static final Comparator<Entry> BY_OFFSET =
                Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end);
    }

    static SafetensorsHeader parse(MappedFile file, byte[] utf8) {
        return StrictJson.parse(file.path(), "the header", utf8, json -> {
            var metadata = new LinkedHashMap<String, String>();
            var entries = new ArrayList<Entry>();
            json.object(name -> {
                if (name.equals(METADATA)) {
                    json.object(key -> metadata.put(key, json.string()));
                } else {
                    entries.add(entry(file, name, json));
                }
            });
            return new SafetensorsHeader(metadata, entries);
        });
    }

    private static Entry entry(MappedFile file, String name, StrictJson json) {
        var fields = new Fields();
        json.object(field -> {
            switch (field) {
                case "dtype" -> fields.dtype = json.string();
                case "shape" -> fields.shape = json.sizes(Layout.MAX_RANK);
                case "data_offsets" -> fields.offsets = json.sizes(2);
                default -> json.skip();
            }
        });
        return fields.checked(file, name);
    }

    /// An entry while it is read. An absent field keeps a value that no valid file has.
    private static final class Fields {
        String dtype = "";
        long[] shape = {-1};
        long[] offsets = {};

        Entry checked(MappedFile file, String name) {
            var tensor = "tensor " + Fault.quoted(name);
            if (dtype.isEmpty() || offsets.length != 2 || (shape.length == 1 && shape[0] < 0)) {
                throw file.damaged(tensor + " lacks its dtype, its shape or its two data_offsets");
            }
            var type = DTypes.bySafetensorsName(dtype)
                    .orElseThrow(() -> file.refused(
                            tensor + " has the unknown type " + Fault.quoted(dtype),
                            "convert it to one of " + DTypes.known()));
            try {
                var bytes = Math.multiplyExact(Layout.elements(shape), (long) type.bytes());
                if (Math.subtractExact(offsets[1], offsets[0]) != bytes) {
                    throw file.damaged(tensor + " of shape " + Layout.text(shape) + " and type " + type + " needs "
                            + bytes + " bytes, but has " + offsets[0] + " to " + offsets[1]);
                }
                return new Entry(name, type, shape, Layout.contiguous(shape), offsets[0], offsets[1]);
            } catch (ArithmeticException e) {
                throw file.damaged(tensor + " has the impossible shape " + Layout.text(shape));
            }
        }
    }
}

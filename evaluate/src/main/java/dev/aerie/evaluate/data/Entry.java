package dev.aerie.evaluate.data;

import dev.aerie.evaluate.benchmark.Fields;
import java.util.Map;

/// A record with its pictures.
///
/// @param number   of the record in the data set, from 0
/// @param pictures by column; a column without a picture is missing
public record Entry(long number, Fields fields, Map<String, EncodedPicture> pictures) {

    public Entry {
        pictures = Map.copyOf(pictures);
    }
}

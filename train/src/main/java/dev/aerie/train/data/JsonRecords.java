package dev.aerie.train.data;

import dev.aerie.AerieException;
import java.nio.file.Path;

/// The records of a LLaVA JSON or JSONL file of any size: an index of places, and the file mapped.
public final class JsonRecords implements Records {

    private final Mapped file;
    private final JsonIndex index;

    private JsonRecords(Mapped file, JsonIndex index) {
        this.file = file;
        this.index = index;
    }

    /// Opens a file and finds its records in one pass.
    public static JsonRecords open(Path path) {
        var file = Mapped.open(path, "records");
        try {
            return new JsonRecords(file, JsonIndex.of(file));
        } catch (InternalError e) {
            file.close();
            throw new AerieException("cannot read records " + path + ": the file became shorter while it was read", e);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    @Override
    public long size() {
        return index.count();
    }

    @Override
    public Record get(long number) {
        var i = Math.toIntExact(number);
        var start = index.start(i);
        var where = " at byte " + start + " of " + file.path();
        if (index.size(i) == 0) {
            throw new RecordException(
                    Flaw.UNREADABLE,
                    "nothing stands" + where + ": the array is not closed; the file"
                            + " is incomplete, fetch it again");
        }
        if (index.size(i) > JsonIndex.MOST_BYTES) {
            throw new RecordException(
                    Flaw.UNREADABLE,
                    "what stands" + where + " has " + index.size(i) + " bytes and is no record; expected an array of"
                            + " records, or a record a line");
        }
        return RecordJson.parse(file.read(start, index.size(i)), where);
    }

    @Override
    public void close() {
        file.close();
    }
}

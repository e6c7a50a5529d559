package dev.aerie.train.data;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Files that are the parts of one, read as if they were joined.
final class JoinedFiles implements AutoCloseable {

    private final List<Mapped> parts;
    private final long[] ends;

    private JoinedFiles(List<Mapped> parts) {
        this.parts = parts;
        ends = new long[parts.size()];
        var end = 0L;
        for (var i = 0; i < ends.length; i++) {
            end += parts.get(i).size();
            ends[i] = end;
        }
    }

    static JoinedFiles open(List<Path> paths, String what) {
        var parts = new ArrayList<Mapped>();
        try {
            paths.forEach(path -> parts.add(Mapped.open(path, what)));
            return new JoinedFiles(parts);
        } catch (RuntimeException e) {
            parts.forEach(Mapped::close);
            throw e;
        }
    }

    /// The first part's path.
    String name() {
        return parts.getFirst().path().toString();
    }

    long size() {
        return ends[ends.length - 1];
    }

    /// Copies bytes that lie within.
    byte[] read(long offset, int length) {
        var copy = new byte[length];
        read(offset, copy, 0, length);
        return copy;
    }

    private void read(long offset, byte[] target, int from, int length) {
        var done = 0;
        for (var i = 0; i < ends.length && done < length; i++) {
            var at = offset + done;
            if (at < ends[i]) {
                var part = parts.get(i);
                var inPart = at - (ends[i] - part.size());
                var here = (int) Math.min(length - done, part.size() - inPart);
                part.read(inPart, target, from + done, here);
                done += here;
            }
        }
    }

    /// Everything from the beginning; skipping costs nothing.
    Joined stream() {
        return new Joined();
    }

    final class Joined extends InputStream {

        private long position;

        long position() {
            return position;
        }

        @Override
        public int read() {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int from, int length) {
            Objects.checkFromIndexSize(from, length, target.length);
            var here = (int) Math.min(length, size() - position);
            if (here <= 0) {
                return length == 0 ? 0 : -1;
            }
            JoinedFiles.this.read(position, target, from, here);
            position += here;
            return here;
        }

        @Override
        public long skip(long count) {
            var here = Math.clamp(count, 0, size() - position);
            position += here;
            return here;
        }
    }

    @Override
    public void close() {
        parts.forEach(Mapped::close);
    }
}

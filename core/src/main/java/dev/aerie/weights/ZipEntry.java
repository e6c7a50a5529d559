package dev.aerie.weights;

/// An entry of a zip archive, checked against its local header: `packed` bytes lie at `start`, and give `size`
/// bytes.
record ZipEntry(String name, boolean deflated, long headerOffset, long start, long packed, long size, int crc) {

    long end() {
        return start + packed;
    }
}

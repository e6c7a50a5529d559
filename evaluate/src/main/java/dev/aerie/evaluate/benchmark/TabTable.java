package dev.aerie.evaluate.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// A table as pandas writes it with tabs between cells.
final class TabTable {

    private static final int END = -1;

    private final BufferedReader in;
    private int next;

    TabTable(BufferedReader in) throws IOException {
        this.in = in;
        next = in.read();
    }

    void each(Consumer<List<String>> rows) throws IOException {
        while (next != END) {
            var row = new ArrayList<String>();
            row.add(cell());
            while (next == '\t') {
                take();
                row.add(cell());
            }
            if (next == '\r') {
                take();
            }
            if (next == '\n') {
                take();
            }
            rows.accept(row);
        }
    }

    private String cell() throws IOException {
        var text = new StringBuilder();
        if (next == '"') {
            take();
            quoted(text);
        }
        while (next != END && next != '\t' && next != '\n' && next != '\r') {
            text.append((char) take());
        }
        return text.toString();
    }

    /// Up to its last quote, or to the end of a table that was cut off.
    private void quoted(StringBuilder text) throws IOException {
        while (next != END) {
            int c = take();
            if (c == '"') {
                if (next != '"') {
                    return;
                }
                take();
            }
            text.append((char) c);
        }
    }

    private int take() throws IOException {
        int taken = next;
        next = in.read();
        return taken;
    }
}

package dev.aerie.text;

import java.util.Arrays;

/// A map from byte strings to ids that is walked byte by byte. The edges lie in one open hash table keyed by (node,
/// byte), so its size follows the bytes put in.
final class ByteTrie {

    static final int ROOT = 0;
    static final int NOWHERE = -1;
    static final int NO_VALUE = -1;

    private long[] keys = new long[64];
    private int[] targets = new int[64];
    private int[] values = {NO_VALUE, NO_VALUE};
    private int nodes = 1;

    /// Adds a string; false if it is there already.
    boolean add(byte[] string, int value) {
        var node = ROOT;
        for (var b : string) {
            var next = step(node, b);
            node = next == NOWHERE ? grow(node, b) : next;
        }
        if (values[node] != NO_VALUE) {
            return false;
        }
        values[node] = value;
        return true;
    }

    /// The node that `b` leads to, or [#NOWHERE].
    int step(int node, byte b) {
        var key = key(node, b);
        for (var i = slot(key, keys.length); keys[i] != 0; i = i + 1 & keys.length - 1) {
            if (keys[i] == key) {
                return targets[i];
            }
        }
        return NOWHERE;
    }

    /// The id of the string that ends at the node, or [#NO_VALUE].
    int value(int node) {
        return values[node];
    }

    /// The id of exactly these bytes, or [#NO_VALUE].
    int find(byte[] bytes, int from, int to) {
        var node = ROOT;
        for (var i = from; i < to && node != NOWHERE; i++) {
            node = step(node, bytes[i]);
        }
        return node == NOWHERE ? NO_VALUE : values[node];
    }

    private int grow(int node, byte b) {
        if (2 * nodes >= keys.length) {
            rehash();
        }
        var target = nodes++;
        if (target == values.length) {
            values = Arrays.copyOf(values, 2 * target);
            Arrays.fill(values, target, values.length, NO_VALUE);
        }
        put(key(node, b), target);
        return target;
    }

    private void rehash() {
        var oldKeys = keys;
        var oldTargets = targets;
        keys = new long[2 * oldKeys.length];
        targets = new int[keys.length];
        for (var i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                put(oldKeys[i], oldTargets[i]);
            }
        }
    }

    private void put(long key, int target) {
        var i = slot(key, keys.length);
        while (keys[i] != 0) {
            i = i + 1 & keys.length - 1;
        }
        keys[i] = key;
        targets[i] = target;
    }

    /// Never 0, which marks a free slot.
    private static long key(int node, byte b) {
        return ((long) node << 8 | b & 0xFF) + 1;
    }

    private static int slot(long key, int size) {
        return (int) (key * 0x9E3779B97F4A7C15L >>> 33) & size - 1;
    }
}

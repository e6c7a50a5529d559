package dev.aerie.evaluate.score;

/// Draws in the places where the reference draws at random: the same text always gives the same.
public final class Draw {

    private Draw() {}

    /// One of the first `count` letters.
    public static String letter(String of, int count) {
        long hash = 0xcbf29ce484222325L; // FNV-1a, then the finisher of SplitMix64
        for (int i = 0; i < of.length(); i++) {
            hash = (hash ^ of.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ hash >>> 27) * 0x94d049bb133111ebL;
        return Letters.of((int) Long.remainderUnsigned(hash ^ hash >>> 31, count));
    }
}

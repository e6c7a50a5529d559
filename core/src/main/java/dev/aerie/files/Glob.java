package dev.aerie.files;

/// A pattern over names: `*` stands for any text, dots included, and `?` for any one character.
/// Matching takes at most the product of both lengths, whatever the pattern.
///
/// @param pattern such as `model.layers.*.mlp.*`
public record Glob(String pattern) {

    /// Whether the whole name matches.
    public boolean matches(String name) {
        int p = 0;
        int n = 0;
        int star = -1; // the last star seen, and where its text ends so far
        int taken = 0;
        while (n < name.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                taken = n;
            } else if (p < pattern.length() && (pattern.charAt(p) == '?' || pattern.charAt(p) == name.charAt(n))) {
                p++;
                n++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++taken;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}

package dev.aerie.text;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Splits text at added tokens: leftmost first, of those the longest. Control tokens are not seen in literal text.
final class AddedTokens {

    /// A stretch of text, or a token (`token` present and `text` its content).
    record Part(Marked text, @Nullable AddedToken token) {

        private Part withText(Marked other) {
            return new Part(other, null);
        }
    }

    private static final class Node {
        private final Map<Character, Node> next = new HashMap<>();
        private @Nullable AddedToken token;
    }

    private record Match(AddedToken token, int end) {}

    private final Node root = new Node();

    AddedTokens(Collection<AddedToken> tokens) {
        for (var token : tokens) {
            var node = root;
            for (var i = 0; i < token.content().length(); i++) {
                node = node.next.computeIfAbsent(token.content().charAt(i), c -> new Node());
            }
            if (node != root) {
                node.token = token;
            }
        }
    }

    /// The parts of the text in order, none of them empty. The tokens' rules about white space are applied.
    List<Part> split(Marked text) {
        var parts = cut(text);
        for (var i = 0; i < parts.size(); i++) {
            var token = parts.get(i).token;
            if (token != null) {
                stripAround(parts, i, token);
            }
        }
        parts.removeIf(part -> part.text.isEmpty());
        return parts;
    }

    private static void stripAround(List<Part> parts, int i, AddedToken token) {
        var left = i > 0 ? parts.get(i - 1) : null;
        var right = i + 1 < parts.size() ? parts.get(i + 1) : null;
        if (token.rightStrip() && right != null && right.token == null) {
            var text = right.text;
            right = right.withText(
                    text.slice(Whitespace.start(text.text()), text.text().length()));
            parts.set(i + 1, right);
        }
        if (token.leftStrip() && left != null && left.token == null) {
            left = left.withText(left.text.slice(0, Whitespace.end(left.text.text())));
            parts.set(i - 1, left);
        }
        if (token.singleWord()) {
            var whole = parts.get(i).text;
            if (left != null && !left.text.isEmpty() && !left.text.text().endsWith(" ")) {
                parts.set(i - 1, left.withText(left.text.plus(whole)));
                parts.set(i, left.withText(Marked.trusted("")));
            } else if (right != null
                    && !right.text.isEmpty()
                    && !right.text.text().startsWith(" ")) {
                parts.set(i + 1, right.withText(whole.plus(right.text)));
                parts.set(i, right.withText(Marked.trusted("")));
            }
        }
    }

    private List<Part> cut(Marked text) {
        var parts = new ArrayList<Part>();
        var from = 0;
        for (var at = 0; at < text.text().length(); ) {
            var match = match(text, at);
            if (match == null) {
                at++;
                continue;
            }
            if (from < at) {
                parts.add(new Part(text.slice(from, at), null));
            }
            parts.add(new Part(text.slice(at, match.end), match.token));
            from = match.end;
            at = from;
        }
        if (from < text.text().length()) {
            parts.add(new Part(text.slice(from, text.text().length()), null));
        }
        return parts;
    }

    private @Nullable Match match(Marked text, int from) {
        Match best = null;
        var node = root;
        for (var i = from; i < text.text().length(); i++) {
            node = node.next.get(text.text().charAt(i));
            if (node == null) {
                break;
            }
            var token = node.token;
            if (token != null && !(token.isControl() && text.anyLiteral(from, i + 1))) {
                best = new Match(token, i + 1);
            }
        }
        return best;
    }
}

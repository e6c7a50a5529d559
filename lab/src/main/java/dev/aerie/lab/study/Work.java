package dev.aerie.lab.study;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Something that is made once. It is named by a hash over all that decides on the result: its own settings and the
/// names of what it is made from. What cells have in common is thus one work, and nothing is done twice.
///
/// @param inputs what it is made from, in order
/// @param key    the name: 16 hexadecimal digits
record Work(Task task, List<Work> inputs, String key) {

    /// Part of every name: what is made by other rules is another work.
    private static final String RULES = "aerie study 1";

    static Work of(Task task, List<Work> inputs) {
        var text = new StringBuilder(RULES + "\n" + task.settings() + "\n");
        inputs.forEach(input -> text.append(input.key).append('\n'));
        return new Work(task, List.copyOf(inputs), hash(text.toString()));
    }

    /// 16 hexadecimal digits.
    static String hash(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    String title() {
        return task.title();
    }

    /// The input of this key.
    Work input(String name) {
        return inputs.stream().filter(work -> work.key.equals(name)).findFirst().orElseThrow();
    }

    /// This and all it is made from, each once, what is needed before what needs it.
    List<Work> chain() {
        var chain = new LinkedHashMap<String, Work>();
        collect(chain);
        return List.copyOf(chain.values());
    }

    private void collect(Map<String, Work> chain) {
        if (!chain.containsKey(key)) {
            inputs.forEach(input -> input.collect(chain));
            chain.put(key, this);
        }
    }
}

package dev.aerie.eagle;

import dev.aerie.fusion.Fusions;
import dev.aerie.nn.Manifest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Which part of the model a tensor belongs to, and how many parameters each part has.
public final class PartCount {

    private static final Pattern TOWER = Pattern.compile("model\\.vision_tower\\.vision_towers\\.(\\d+)\\..*");

    private PartCount() {}

    /// The part by a tensor's name: an expert's name in the tower string, `vision`, `projector` (with the
    /// fusion before it) or `language`.
    public static String part(String tensor, String towers) {
        if (Fusions.owns(tensor)) {
            return "projector";
        }
        var tower = TOWER.matcher(tensor);
        if (tower.matches()) {
            var names = towers.split(";");
            int index = Integer.parseInt(tower.group(1));
            return index < names.length ? names[index].strip() : "vision";
        }
        return isVision(tensor) ? "vision" : "language";
    }

    /// Whether a tensor belongs to a vision tower; Mini-Gemini's second is `vision_tower_aux`.
    static boolean isVision(String tensor) {
        return tensor.startsWith("model.vision_tower.") || tensor.startsWith("model.vision_tower_aux.");
    }

    /// Parameters per part, in the order in which the parts appear; buffers do not count.
    public static Map<String, Long> of(List<Manifest.Entry> entries, String towers) {
        var counts = new LinkedHashMap<String, Long>();
        for (var entry : entries) {
            if (entry.role() != Manifest.Role.BUFFER) {
                counts.merge(part(entry.name(), towers), entry.elements(), Long::sum);
            }
        }
        return counts;
    }
}

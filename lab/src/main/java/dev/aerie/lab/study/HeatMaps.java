package dev.aerie.lab.study;

import dev.aerie.image.Pictures;
import dev.aerie.lab.world.Setting;
import dev.aerie.train.report.Html;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;

/// Pictures with a map for each expert beside them, as [Listening] tells.
final class HeatMaps {

    private static final int SIDE = 120;

    private HeatMaps() {}

    static String html(List<Listening.Map> maps) {
        var pictures = new LinkedHashMap<Long, List<Listening.Map>>();
        maps.forEach(map ->
                pictures.computeIfAbsent(map.seed(), _ -> new ArrayList<>()).add(map));
        var html = new StringBuilder();
        pictures.forEach((seed, own) -> {
            html.append(
                    "<div class=\"tiles\">\n<figure><figcaption>picture</figcaption><img alt=\"\" width=\"%d\" src=\"%s\"></figure>\n"
                            .formatted(SIDE, png(seed)));
            own.forEach(map -> html.append(figure(map)));
            html.append("</div>\n");
        });
        return html.toString();
    }

    private static String png(long seed) {
        return "data:image/png;base64,"
                + Base64.getEncoder()
                        .encodeToString(Pictures.png(Setting.EASY.draw(seed).picture()));
    }

    private static String figure(Listening.Map map) {
        int n = (int) Math.round(Math.sqrt(map.shares().length()));
        double cell = (double) SIDE / n;
        double mean = map.shares().chars().map(HeatMaps::digit).average().orElse(0) / (Character.MAX_RADIX - 1);
        var svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<figure><figcaption>%s <span class=\"key\">%.0f %%</span></figcaption><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">\n",
                Html.text(map.expert()),
                100 * mean,
                SIDE,
                SIDE,
                Html.text(map.expert())));
        for (int i = 0; i < map.shares().length(); i++) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect class=\"dot1\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" opacity=\"%.2f\"/>\n",
                    i % n * cell,
                    i / n * cell,
                    cell,
                    cell,
                    digit(map.shares().charAt(i)) / (Character.MAX_RADIX - 1.0)));
        }
        return svg.append("</svg></figure>\n").toString();
    }

    private static int digit(int character) {
        return Character.digit(character, Character.MAX_RADIX);
    }
}

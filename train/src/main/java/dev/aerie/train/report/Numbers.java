package dev.aerie.train.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Numbers on axes and in tiles.
final class Numbers {

    private Numbers() {}

    /// A number in few characters: `0.0425`, `12.5`, `1,250`, `2.5M`, `2e-05`.
    static String brief(double value) {
        double size = Math.abs(value);
        if (!Double.isFinite(value)) {
            return Double.toString(value);
        }
        if (size == 0) {
            return "0";
        }
        if (size >= 1e6) {
            int unit = Math.min(3, (int) (Math.log10(size) / 3) - 2);
            return trimmed(value / Math.pow(10, 3 * (unit + 2))) + "MGTP".charAt(unit);
        }
        if (size >= 1000) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return size < 1e-3 ? exponent(value) : trimmed(value);
    }

    /// Three digits that count, without zeros at the end.
    private static String trimmed(double value) {
        int decimals = Math.clamp(2 - (int) Math.floor(Math.log10(Math.abs(value))), 0, 6);
        var text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    }

    private static String exponent(double value) {
        return String.format(Locale.ROOT, "%.2e", value).replaceAll("\\.?0+e", "e");
    }

    /// What stands at ticks of an axis: briefly, or with as many decimals as tell them apart.
    static List<String> labels(List<Double> ticks) {
        var brief = ticks.stream().map(Numbers::brief).toList();
        if (brief.stream().distinct().count() == brief.size()) {
            return brief;
        }
        int decimals = Math.max(0, (int) Math.ceil(-Math.log10(ticks.get(1) - ticks.get(0)) - 1e-9));
        return ticks.stream()
                .map(tick -> String.format(Locale.ROOT, "%,." + decimals + "f", tick))
                .toList();
    }

    /// Round values between two others, in at most `most` steps: 0, 0.5, 1.
    static List<Double> ticks(double from, double to, int most) {
        double rough = (to - from) / most;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = power;
        for (double factor : new double[] {1, 2, 5, 10}) {
            step = factor * power;
            if (step >= rough * (1 - 1e-9)) {
                break;
            }
        }
        var ticks = new ArrayList<Double>();
        for (long i = (long) Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }
}

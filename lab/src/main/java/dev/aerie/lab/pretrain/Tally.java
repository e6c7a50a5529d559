package dev.aerie.lab.pretrain;

import dev.aerie.train.report.Interval;
import dev.aerie.train.report.Resampling;
import java.util.List;
import java.util.stream.IntStream;

/// What one picture adds to a score. That of many pictures is the sum of what was got over the sum of what could be.
public record Tally(double got, double of) {

    private static final int DRAWS = 1000;

    /// The score of these pictures; 0 where nothing could be got.
    public static double share(List<Tally> pictures) {
        double got = 0;
        double of = 0;
        for (var picture : pictures) {
            got += picture.got;
            of += picture.of;
        }
        return of == 0 ? 0 : got / of;
    }

    /// The score's 95 % interval, from pictures drawn with replacement.
    public static Interval interval(List<Tally> pictures) {
        return Resampling.of(pictures, DRAWS, Tally::share);
    }

    /// The 95 % interval of a score less another over the same pictures.
    public static Interval intervalOfGain(List<Tally> ours, List<Tally> theirs) {
        var places = IntStream.range(0, ours.size()).boxed().toList();
        return Resampling.of(places, DRAWS, drawn -> share(at(ours, drawn)) - share(at(theirs, drawn)));
    }

    private static List<Tally> at(List<Tally> pictures, List<Integer> places) {
        return places.stream().map(pictures::get).toList();
    }
}

package dev.aerie.train.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aerie.AerieException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScheduleTest {

    @ParameterizedTest
    @EnumSource(Schedule.Kind.class)
    void goesUpToThePeakAndDownToTheFloor(Schedule.Kind kind) {
        var schedule = new Schedule(kind, 10, 110, 0.1);
        assertThat(schedule.factor(0)).isZero();
        assertThat(schedule.factor(5)).isEqualTo(0.5);
        assertThat(schedule.factor(10)).isEqualTo(1);
        double end = kind == Schedule.Kind.CONSTANT ? 1 : 0.1;
        assertThat(schedule.factor(110)).isEqualTo(end);
        assertThat(schedule.factor(1_000)).isEqualTo(end);
        for (int step = 11; step <= 110; step++) {
            assertThat(schedule.factor(step)).isBetween(end, schedule.factor(step - 1));
        }
    }

    @Test
    void linearAndCosineMeetInTheMiddle() {
        assertThat(new Schedule(Schedule.Kind.LINEAR, 0, 4, 0).factor(1)).isEqualTo(0.75);
        assertThat(new Schedule(Schedule.Kind.COSINE, 0, 4, 0).factor(2)).isEqualTo(0.5);
    }

    @Test
    void lengthsInPassesAreRoundedUp() {
        var pace = new Pace(Schedule.Kind.COSINE, new Pace.Warmup.Ratio(0.03), 0, new Pace.Length.Epochs(0.25));
        assertThat(pace.schedule(1_001)).isEqualTo(new Schedule(Schedule.Kind.COSINE, 8, 251, 0));
        var steps = new Pace(Schedule.Kind.COSINE, new Pace.Warmup.Steps(7), 0, new Pace.Length.Steps(9));
        assertThat(steps.schedule(1_001)).isEqualTo(new Schedule(Schedule.Kind.COSINE, 7, 9, 0));
    }

    @Test
    void refusesWhatIsNoSchedule() {
        assertThatThrownBy(() -> new Schedule(Schedule.Kind.COSINE, 0, 0, 0))
                .isInstanceOf(AerieException.class)
                .hasMessageContaining("0 steps");
        assertThatThrownBy(() -> new Schedule(Schedule.Kind.COSINE, 0, 1, Double.NaN))
                .isInstanceOf(AerieException.class);
    }
}

/// What a stage will take, told before anything runs: parameters, memory by kind, operations, time and disk.
@NullMarked
package dev.aerie.train.plan;

import org.jspecify.annotations.NullMarked;

/// Records of benchmarks as people have them: Parquet files, and the authors' own files.
@NullMarked
package dev.aerie.evaluate.data;

import org.jspecify.annotations.NullMarked;

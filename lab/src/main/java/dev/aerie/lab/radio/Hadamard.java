package dev.aerie.lab.radio;

import dev.aerie.AerieException;

/// Hadamard matrices: orthogonal, with all entries of one size. Sylvester's for powers of two, Paley's of both kinds
/// over a prime, and products of the two.
final class Hadamard {

    private Hadamard() {}

    /// The matrix `[n, n]`, row by row, scaled to be orthogonal: entries are `±1/√n`.
    ///
    /// @throws AerieException if none of the constructions gives this order
    static double[] of(int n) {
        for (int power = Integer.lowestOneBit(n); power >= 1; power /= 2) {
            var rest = signs(n / power);
            if (rest.length > 0) {
                var whole = product(sylvester(power), rest);
                double size = 1 / Math.sqrt(n);
                for (int i = 0; i < whole.length; i++) {
                    whole[i] *= size;
                }
                return whole;
            }
        }
        throw new AerieException(
                "cannot rotate features of " + n + " channels: no Hadamard matrix of that order is known"
                        + " here; expected 1, 2 or most multiples of 4: leave this teacher out");
    }

    /// Of order 1 or Paley's, with entries ±1; empty where there is none.
    private static double[] signs(int n) {
        if (n == 1) {
            return new double[] {1};
        }
        if (n % 4 == 0 && isPrime(n - 1)) {
            return paleyOne(n - 1);
        }
        if (n % 4 == 0 && isPrime(n / 2 - 1) && n / 2 % 4 == 2) {
            return paleyTwo(n / 2 - 1);
        }
        return new double[0];
    }

    private static double[] sylvester(int n) {
        var matrix = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                matrix[i * n + j] = Integer.bitCount(i & j) % 2 == 0 ? 1 : -1;
            }
        }
        return matrix;
    }

    /// `I + S` with S the conference matrix of `q ≡ 3 (mod 4)`, which is skew.
    private static double[] paleyOne(int q) {
        int n = q + 1;
        var matrix = conference(q, -1);
        for (int i = 0; i < n; i++) {
            matrix[i * n + i] = 1;
        }
        return matrix;
    }

    /// `C ⊗ [1 1; 1 −1] + I ⊗ [1 −1; −1 −1]` with C the conference matrix of `q ≡ 1 (mod 4)`, which is symmetric.
    private static double[] paleyTwo(int q) {
        int n = q + 1;
        var identity = new double[n * n];
        for (int i = 0; i < n; i++) {
            identity[i * n + i] = 1;
        }
        var matrix = product(conference(q, 1), new double[] {1, 1, 1, -1});
        var diagonal = product(identity, new double[] {1, -1, -1, -1});
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] += diagonal[i];
        }
        return matrix;
    }

    /// `[q + 1, q + 1]`: zeros on the diagonal, ones in the first row, `side` in the first column, else whether the
    /// difference of row and column is a square modulo q.
    private static double[] conference(int q, int side) {
        var squares = new boolean[q];
        for (long i = 1; i < q; i++) {
            squares[(int) (i * i % q)] = true;
        }
        int n = q + 1;
        var matrix = new double[n * n];
        for (int i = 1; i < n; i++) {
            matrix[i] = 1;
            matrix[i * n] = side;
            for (int j = 1; j < n; j++) {
                matrix[i * n + j] = i == j ? 0 : squares[Math.floorMod(i - j, q)] ? 1 : -1;
            }
        }
        return matrix;
    }

    /// Kronecker's.
    private static double[] product(double[] a, double[] b) {
        int n = (int) Math.sqrt(a.length);
        int m = (int) Math.sqrt(b.length);
        var whole = new double[n * m * n * m];
        for (int i = 0; i < n * m; i++) {
            for (int j = 0; j < n * m; j++) {
                whole[i * n * m + j] = a[i / m * n + j / m] * b[i % m * m + j % m];
            }
        }
        return whole;
    }

    private static boolean isPrime(int n) {
        for (int i = 2; (long) i * i <= n; i++) {
            if (n % i == 0) {
                return false;
            }
        }
        return n > 1;
    }
}

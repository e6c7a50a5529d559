package dev.aerie.lab.radio;

/// Eigenvalues and eigenvectors of a symmetric matrix, by Jacobi's rotations (Golub and Van Loan, Matrix Computations,
/// §8.5): exact to rounding, and the same on every machine.
///
/// @param values  `[n]`, in no order
/// @param vectors `[n, n]`, row by row: column `j` belongs to value `j`
@SuppressWarnings("ArrayRecordComponent") // made once per teacher
record SymmetricEigen(double[] values, double[] vectors) {

    private static final int SWEEPS = 60;
    private static final double PRECISION = 1e-14;

    /// @param matrix `[n, n]`, row by row
    static SymmetricEigen of(double[] matrix, int n) {
        var a = matrix.clone();
        var u = new double[n * n];
        for (int i = 0; i < n; i++) {
            u[i * n + i] = 1;
        }
        double enough = PRECISION * norm(a, n, true);
        for (int sweep = 0; sweep < SWEEPS && norm(a, n, false) > enough; sweep++) {
            for (int p = 0; p < n; p++) {
                for (int q = p + 1; q < n; q++) {
                    rotate(a, u, n, p, q);
                }
            }
        }
        var values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = a[i * n + i];
        }
        return new SymmetricEigen(values, u);
    }

    /// Makes `a[p, q]` zero by a rotation of these two axes.
    private static void rotate(double[] a, double[] u, int n, int p, int q) {
        double off = a[p * n + q];
        if (off == 0) {
            return;
        }
        double tau = (a[q * n + q] - a[p * n + p]) / (2 * off);
        double t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
        double c = 1 / Math.sqrt(1 + t * t);
        double s = t * c;
        for (int k = 0; k < n; k++) {
            mix(a, k * n + p, k * n + q, c, s);
            mix(u, k * n + p, k * n + q, c, s);
        }
        for (int k = 0; k < n; k++) {
            mix(a, p * n + k, q * n + k, c, s);
        }
    }

    private static void mix(double[] x, int i, int j, double c, double s) {
        double one = x[i];
        double other = x[j];
        x[i] = c * one - s * other;
        x[j] = s * one + c * other;
    }

    private static double norm(double[] a, int n, boolean diagonal) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                sum += i != j || diagonal ? a[i * n + j] * a[i * n + j] : 0;
            }
        }
        return Math.sqrt(sum);
    }
}

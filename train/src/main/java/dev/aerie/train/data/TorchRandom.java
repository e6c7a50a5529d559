package dev.aerie.train.data;

import dev.aerie.AerieException;

/// PyTorch's random numbers on the CPU: the 32-bit Mersenne Twister (Matsumoto and Nishimura 1998, MT19937), seeded as
/// `torch.manual_seed` does it. Not safe for several threads.
public final class TorchRandom {

    private static final int STATE = 624;
    private static final int MIDDLE = 397;
    private static final int TWIST = 0x9908B0DF;

    /// From here on PyTorch draws permutations from 64-bit numbers.
    private static final long MOST = 0xFFFFFFFFL / 20;

    private final int[] state = new int[STATE];
    private int next = STATE;

    /// Only the lower 32 bits of the seed count.
    public TorchRandom(long seed) {
        state[0] = (int) seed;
        for (var i = 1; i < STATE; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ state[i - 1] >>> 30) + i;
        }
    }

    /// 32 random bits.
    public int nextInt() {
        if (next == STATE) {
            twist();
        }
        var y = state[next++];
        y ^= y >>> 11;
        y ^= y << 7 & 0x9D2C5680;
        y ^= y << 15 & 0xEFC60000;
        return y ^ y >>> 18;
    }

    /// The numbers below `n` in random order: `torch.randperm(n)`.
    public int[] permutation(int n) {
        if (n < 0 || n >= MOST) {
            throw new AerieException("cannot shuffle " + n + " samples: expected fewer than " + MOST
                    + "; make several mixtures of them");
        }
        var order = new int[n];
        for (var i = 0; i < n; i++) {
            order[i] = i;
        }
        for (var i = 0; i < n - 1; i++) {
            var other = i + Integer.remainderUnsigned(nextInt(), n - i);
            var swapped = order[i];
            order[i] = order[other];
            order[other] = swapped;
        }
        return order;
    }

    private void twist() {
        for (var i = 0; i < STATE; i++) {
            var bits = (state[i] & 0x80000000) | (state[(i + 1) % STATE] & 0x7FFFFFFF);
            state[i] = state[(i + MIDDLE) % STATE] ^ bits >>> 1 ^ ((bits & 1) == 0 ? 0 : TWIST);
        }
        next = 0;
    }
}

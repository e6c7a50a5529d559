package dev.aerie.tensor;

import java.util.List;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IntType;
import org.bytedeco.pytorch.Type;
import org.bytedeco.pytorch.global.torch;

/// The resizes that encoders need, each by PyTorch's formula. All take `[B, C, H, W]`, compute in float32 at least and
/// return the input's type; a resize to the same size is the identity.
public enum Interpolation {
    /// Bilinear with src = dst · (in − 1) / (out − 1): features onto a common grid, and CLIP's input.
    BILINEAR_ALIGNED {
        @Override
        Tensor compute(Tensor x, long height, long width) {
            return bilinear(x, height, width, true);
        }
    },
    /// Bilinear with pixel centres: the stages of Mini-Gemini's ConvNeXt.
    BILINEAR {
        @Override
        Tensor compute(Tensor x, long height, long width) {
            return bilinear(x, height, width, false);
        }
    },
    /// Bilinear with pixel centres and antialias: Pix2Struct's input.
    BILINEAR_ANTIALIAS {
        @Override
        Tensor compute(Tensor x, long height, long width) {
            return dispatch("_upsample_bilinear2d_aa", x, height, width);
        }
    },
    /// Bicubic (a = −0.75) with pixel centres: EVA-02's positions.
    BICUBIC {
        @Override
        Tensor compute(Tensor x, long height, long width) {
            return Native.call(
                    "upsample_bicubic2d",
                    () -> torch.upsample_bicubic2d(
                            x.raw(), new long[] {height, width}, false, new DoubleOptional(), new DoubleOptional()),
                    x);
        }
    },
    /// Bicubic (a = −0.5) with pixel centres and antialias: CLIP's positions.
    BICUBIC_ANTIALIAS {
        @Override
        Tensor compute(Tensor x, long height, long width) {
            return dispatch("_upsample_bicubic2d_aa", x, height, width);
        }
    };

    abstract Tensor compute(Tensor x, long height, long width);

    public Tensor resize(Tensor x, long height, long width) {
        if (x.size(2) == height && x.size(3) == width) {
            return x;
        }
        return compute(Functional.wide(x), height, width).to(x.dtype());
    }

    /// [#BICUBIC] with sample points `(i + 0.5) / factor − 0.5` given by a factor instead of the sizes' ratio.
    public static Tensor bicubicByFactor(Tensor x, long height, long width, double factorY, double factorX) {
        var wide = x.to(DType.F32);
        return Native.call(
                        "upsample_bicubic2d",
                        () -> torch.upsample_bicubic2d(
                                wide.raw(),
                                new long[] {height, width},
                                false,
                                new DoubleOptional(factorY),
                                new DoubleOptional(factorX)),
                        x)
                .to(x.dtype());
    }

    private static Tensor bilinear(Tensor x, long height, long width, boolean aligned) {
        return Native.call(
                "upsample_bilinear2d",
                () -> torch.upsample_bilinear2d(
                        x.raw(), new long[] {height, width}, aligned, new DoubleOptional(), new DoubleOptional()),
                x);
    }

    private static Tensor dispatch(String operator, Tensor x, long height, long width) {
        var size = new GenericList(new Type.TypePtr(IntType.getIntTypePtr().get()));
        size.push_back(new IValue(height));
        size.push_back(new IValue(width));
        return Native.dispatch(
                operator,
                "",
                List.of(new IValue(x.raw()), new IValue(size), new IValue(false), new IValue(), new IValue()),
                x);
    }
}

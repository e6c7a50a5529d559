package dev.aerie.fusion;

/// All that planning and assembling need to know of a fusion.
///
/// @param experts    how many it joins
/// @param tokens     visual tokens per picture in the decoder's row
/// @param channels   of a token
/// @param projected  whether tokens have the decoder's width already, so that no projector follows
/// @param parameters it learns, a projector behind it not among them
/// @param work       operations that it adds
public record FusionSpec(int experts, int tokens, int channels, boolean projected, long parameters, Work work) {

    /// Floating-point operations, products and convolutions only, 2 per multiply-add.
    ///
    /// @param picture  for each picture before the decoder
    /// @param decoder  for each picture between the decoder's layers
    /// @param position for each position of the decoder's row
    public record Work(double picture, double decoder, double position) {

        static final Work NONE = new Work(0, 0, 0);

        static Work before(double picture) {
            return new Work(picture, 0, 0);
        }

        /// All of a row with so many pictures.
        public double row(int pictures, int positions) {
            return pictures * (picture + decoder) + positions * position;
        }
    }

    /// One that does nothing but hand on what `tokens` tokens of `channels` channels hold.
    public static FusionSpec plain(int experts, int tokens, int channels) {
        return new FusionSpec(experts, tokens, channels, false, 0, Work.NONE);
    }
}

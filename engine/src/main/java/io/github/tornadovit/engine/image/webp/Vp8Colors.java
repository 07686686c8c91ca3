package io.github.tornadovit.engine.image.webp;

import io.github.tornadovit.engine.image.codec.Picture;

/**
 * From the planes of a VP8 frame to RGB as libwebp does: chroma interpolated with weights 9:3:3:1,
 * then limited-range BT.601 in fixed point.
 */
final class Vp8Colors {
  private final Vp8Plane luma;
  private final Vp8Plane blueDifference;
  private final Vp8Plane redDifference;

  Vp8Colors(Vp8Plane luma, Vp8Plane blueDifference, Vp8Plane redDifference) {
    this.luma = luma;
    this.blueDifference = blueDifference;
    this.redDifference = redDifference;
  }

  Picture toRgb(int width, int height) {
    byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
    int[] u = new int[width];
    int[] v = new int[width];
    int lastRow = (height - 1) / 2;
    int target = 0;
    for (int y = 0; y < height; y++) {
      int near = y / 2;
      int far = Math.clamp((y & 1) == 0 ? near - 1 : near + 1, 0, lastRow);
      interpolate(blueDifference, near, far, u);
      interpolate(redDifference, near, far, v);
      int from = luma.index(0, y);
      for (int x = 0; x < width; x++, target += 3) {
        int level = ((luma.samples[from + x] & 0xFF) * 19077) >> 8;
        rgb[target] = clip(level + ((v[x] * 26149) >> 8) - 14234);
        rgb[target + 1] = clip(level - ((u[x] * 6419) >> 8) - ((v[x] * 13320) >> 8) + 8708);
        rgb[target + 2] = clip(level + ((u[x] * 33050) >> 8) - 17685);
      }
    }
    return new Picture(width, height, rgb);
  }

  private static byte clip(int value) {
    return (byte) Math.clamp(value >> 6, 0, 255);
  }

  /** A row of chroma at luma's width, from the nearer and the further row of samples. */
  private static void interpolate(Vp8Plane plane, int near, int far, int[] row) {
    int width = row.length;
    int nearAt = plane.index(0, near);
    int farAt = plane.index(0, far);
    byte[] samples = plane.samples;
    int near0 = samples[nearAt] & 0xFF;
    int far0 = samples[farAt] & 0xFF;
    row[0] = (3 * near0 + far0 + 2) >> 2;
    int last = (width - 1) / 2;
    for (int x = 1; x <= last; x++) {
      int near1 = samples[nearAt + x] & 0xFF;
      int far1 = samples[farAt + x] & 0xFF;
      int sum = near0 + near1 + far0 + far1 + 8;
      row[2 * x - 1] = (((sum + 2 * (near1 + far0)) >> 3) + near0) >> 1;
      row[2 * x] = (((sum + 2 * (near0 + far1)) >> 3) + near1) >> 1;
      near0 = near1;
      far0 = far1;
    }
    if ((width & 1) == 0) {
      row[width - 1] = (3 * near0 + far0 + 2) >> 2;
    }
  }
}

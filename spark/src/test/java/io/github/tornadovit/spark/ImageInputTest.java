package io.github.tornadovit.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.tornadovit.engine.image.ImageException;
import io.github.tornadovit.engine.image.RgbImage;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ImageInputTest {
  private static final StructType SCHEMA =
      new StructType()
          .add("path", DataTypes.StringType)
          .add("content", DataTypes.BinaryType)
          .add("image", ImageSchema.columnSchema())
          .add("length", DataTypes.LongType)
          .add("pair", new StructType().add("height", DataTypes.IntegerType));

  private static Row image(int height, int width, int channels, int mode, byte @Nullable [] data) {
    return new GenericRowWithSchema(
        new @Nullable Object[] {"cat.png", height, width, channels, mode, data},
        ImageSchema.columnSchema());
  }

  @Test
  void theTypeOfAColumnSaysWhatItsImagesAre() {
    assertThat(ImageInput.of(SCHEMA, "content")).isEqualTo(ImageInput.CONTENT);
    assertThat(ImageInput.of(SCHEMA, "path")).isEqualTo(ImageInput.PATH);
    assertThat(ImageInput.of(SCHEMA, "image")).isEqualTo(ImageInput.STRUCT);
    for (String other : new String[] {"length", "pair"}) {
      assertThatThrownBy(() -> ImageInput.of(SCHEMA, other))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'" + other + "'")
          .hasMessageContaining("expected binary");
    }
    assertThatThrownBy(() -> ImageInput.of(SCHEMA, "pixels"))
        .hasMessageContaining("no column 'pixels'")
        .hasMessageContaining("content");
    assertThatThrownBy(() -> ImageInput.of((Object) 7L)).hasMessageContaining("java.lang.Long");
  }

  @Test
  void rowsOfBlueGreenRedBecomeRedGreenBlue() {
    byte[] bgr = {1, 2, 3, 4, 5, 6};
    RgbImage color = BgrImage.of(image(1, 2, 3, 16, bgr), "image");
    assertThat(color.width()).isEqualTo(2);
    assertThat(color.toByteArray()).containsExactly(3, 2, 1, 6, 5, 4);
    byte[] bgra = {1, 2, 3, 9, 4, 5, 6, 9};
    assertThat(BgrImage.of(image(2, 1, 4, 24, bgra), "image").toByteArray())
        .containsExactly(3, 2, 1, 6, 5, 4);
    assertThat(BgrImage.of(image(1, 2, 1, 0, new byte[] {7, 8}), "image").toByteArray())
        .containsExactly(7, 7, 7, 8, 8, 8);
  }

  @Test
  void aStructThatIsNoPictureIsAnImagesError() {
    assertRefused(image(-1, -1, -1, -1, null), "was not decoded");
    assertRefused(image(1, 1, 2, 8, new byte[2]), "2 channels");
    assertRefused(image(1, 1, 3, 21, new byte[12]), "mode 21");
    assertRefused(image(1, 2, 3, 16, new byte[5]), "5 bytes, expected 6");
    assertRefused(image(1 << 30, 1 << 30, 3, 16, new byte[3]), "expected 3458764513820540928");
  }

  private static void assertRefused(Row image, String reason) {
    assertThatThrownBy(() -> BgrImage.of(image, "image"))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("cat.png")
        .hasMessageContaining(reason);
  }
}

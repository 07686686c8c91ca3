package io.github.tornadovit.engine.event;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** An encoded image became RGB pixels, or an error. */
@Name(ImageDecodeEvent.NAME)
@Label("Image Decode")
@Category("tornado-vit")
@Description("An encoded image became RGB pixels, or an error.")
@StackTrace(false)
public final class ImageDecodeEvent extends Event {
  /** The event's name in a recording and in its settings. */
  public static final String NAME = "tornadovit.ImageDecode";

  @Label("Image")
  @Description("Its file or name")
  public @Nullable String image;

  @Label("Encoded Size")
  @DataAmount
  public long encodedBytes;

  @Label("Width")
  @Description("Columns in pixels, 0 if it could not be decoded")
  public int width;

  @Label("Height")
  @Description("Rows in pixels, 0 if it could not be decoded")
  public int height;

  @Label("Problem")
  @Description("Why it could not be decoded")
  public @Nullable String problem;

  /** An event that has not begun. */
  public ImageDecodeEvent() {}
}

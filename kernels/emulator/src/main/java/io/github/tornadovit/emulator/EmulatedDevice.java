package io.github.tornadovit.emulator;

import java.util.List;
import uk.ac.manchester.tornado.api.TornadoBackend;
import uk.ac.manchester.tornado.api.TornadoRuntime;
import uk.ac.manchester.tornado.api.TornadoTargetDevice;
import uk.ac.manchester.tornado.api.common.TornadoDevice;
import uk.ac.manchester.tornado.api.enums.TornadoDeviceType;
import uk.ac.manchester.tornado.api.enums.TornadoVMBackendType;

/**
 * A device of the emulator. There are two, so that there is a choice: number 0 says that it is a
 * GPU, number 1 a CPU. They compute alike.
 */
public record EmulatedDevice(int index, TornadoDeviceType getDeviceType)
    implements TornadoDevice, TornadoTargetDevice {
  private static final long MEMORY_BYTES = 4L << 30;
  private static final List<TornadoDevice> DEVICES =
      List.of(
          new EmulatedDevice(0, TornadoDeviceType.GPU),
          new EmulatedDevice(1, TornadoDeviceType.CPU));
  private static final TornadoRuntime RUNTIME = new EmulatedRuntime(new EmulatedBackend());

  /** The emulator as TornadoVM's runtime: one back end. */
  public static TornadoRuntime runtime() {
    return RUNTIME;
  }

  @Override
  public String getDeviceName() {
    return "emulator-0-" + index;
  }

  @Override
  public String getDescription() {
    return "TornadoVM emulator as a " + getDeviceType;
  }

  @Override
  public String getPlatformName() {
    return "TornadoVM emulator";
  }

  @Override
  public TornadoTargetDevice getPhysicalDevice() {
    return this;
  }

  @Override
  public TornadoVMBackendType getTornadoVMBackend() {
    return TornadoVMBackendType.OPENCL;
  }

  @Override
  public int getBackendIndex() {
    return 0;
  }

  @Override
  public long getMaxAllocMemory() {
    return MEMORY_BYTES;
  }

  @Override
  public long getMaxGlobalMemory() {
    return MEMORY_BYTES;
  }

  @Override
  public long getDeviceLocalMemorySize() {
    return LocalMemory.MAX_BYTES;
  }

  @Override
  public long[] getDeviceMaxWorkgroupDimensions() {
    return getDeviceMaxWorkItemSizes();
  }

  @Override
  public long getDeviceGlobalMemorySize() {
    return MEMORY_BYTES;
  }

  @Override
  public int getDeviceMaxComputeUnits() {
    return 1;
  }

  @Override
  public long[] getDeviceMaxWorkItemSizes() {
    return new long[] {NdRange.MAX_GROUP, NdRange.MAX_GROUP, NdRange.MAX_GROUP};
  }

  @Override
  public long[] getDeviceMaxWorkGroupSize() {
    return new long[] {NdRange.MAX_GROUP};
  }

  @Override
  public int getMaxThreadsPerBlock() {
    return NdRange.MAX_GROUP;
  }

  @Override
  public int getDeviceMaxClockFrequency() {
    return 1;
  }

  @Override
  public long getDeviceMaxAllocationSize() {
    return MEMORY_BYTES;
  }

  /** The only back end. */
  private record EmulatedBackend() implements TornadoBackend {
    @Override
    public String getName() {
      return "emulator";
    }

    @Override
    public TornadoVMBackendType getBackendType() {
      return TornadoVMBackendType.OPENCL;
    }

    @Override
    public int getNumDevices() {
      return DEVICES.size();
    }

    @Override
    public TornadoDevice getDevice(int device) {
      return DEVICES.get(device);
    }

    @Override
    public List<TornadoDevice> getAllDevices() {
      return DEVICES;
    }

    @Override
    public TornadoDevice getDefaultDevice() {
      return DEVICES.get(0);
    }
  }

  /** The runtime around it. */
  private record EmulatedRuntime(TornadoBackend backend) implements TornadoRuntime {
    @Override
    public int getNumBackends() {
      return 1;
    }

    @Override
    public TornadoBackend getBackend(int index) {
      return List.of(backend).get(index);
    }

    @Override
    public TornadoVMBackendType getBackendType(int index) {
      return getBackend(index).getBackendType();
    }

    @Override
    public TornadoDevice getDefaultDevice() {
      return backend.getDefaultDevice();
    }
  }
}

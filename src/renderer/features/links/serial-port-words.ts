/** The words of the choice of a serial port: what is plugged in now. */
import { bilingual } from '../../words/bilingual.ts'

/** Of the field: part of profile-words.ts. */
export const serialFieldWords = bilingual({
  en: {
    serialPort: 'Serial port',
    serialPortHint:
      'Choose one that is plugged in now, or write one: usb:1a86:7523, /dev/ttyUSB0, COM3. By its USB address a device is found again whatever its name is then.',
    'why-serial-odd': 'Write the port: usb:1a86:7523, /dev/ttyUSB0 or COM3.',
  },
  vi: {
    serialPort: 'Cổng nối tiếp',
    serialPortHint:
      'Chọn một cổng đang cắm, hoặc viết: usb:1a86:7523, /dev/ttyUSB0, COM3. Theo địa chỉ USB, thiết bị được tìm lại dù tên đã đổi.',
    'why-serial-odd': 'Hãy viết cổng: usb:1a86:7523, /dev/ttyUSB0 hoặc COM3.',
  },
})

export const serialPortWords = bilingual({
  en: {
    isAt: 'now {{path}}',
    serial: 'no. {{serial}}',
    builtIn: 'built in',
    usedByLink: 'in use by the link {{name}}',
    usedByProgram: 'in use by {{name}} (process {{pid}})',
    none: 'No serial port is plugged in now.',
    away: 'Not among the ports that are plugged in now; it is opened as soon as it is there.',
  },
  vi: {
    isAt: 'hiện là {{path}}',
    serial: 'số {{serial}}',
    builtIn: 'gắn sẵn',
    usedByLink: 'kết nối {{name}} đang dùng',
    usedByProgram: '{{name}} (tiến trình {{pid}}) đang dùng',
    none: 'Hiện không có cổng nối tiếp nào được cắm.',
    away: 'Không có trong các cổng đang cắm; sẽ được mở ngay khi có.',
  },
})

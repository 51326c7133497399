/** The words of the form of a bus of modules: part of profile-words.ts, both languages side by side. */
import { bilingual } from '../../words/bilingual.ts'

export const vehicleBusWords = bilingual({
  en: {
    baudRate: 'Baud rate',
    baudRateHint: 'As the modules are set; those of the OHT-50 have 115200.',
    'field-baudRate': 'the baud rate',
    'why-baud-range': 'A whole number from 1200 to 1000000.',
    parity: 'Parity',
    'parity-none': 'None',
    'parity-even': 'Even',
    'parity-odd': 'Odd',
    'field-parity': 'the parity',
    stopBits: 'Stop bits',
    'stopBits-1': '1',
    'stopBits-2': '2',
    'field-stopBits': 'the stop bits',
    busTimeout: 'A module may take (ms)',
    busTimeoutHint:
      'To answer. Longer makes everything wait for a module that is away: twice this, each time it is asked. 300 is plenty for modules that are well.',
    'field-timeoutMs': 'how long a module may take',
    'why-timeout-range': 'A whole number from 20 to 10000 ms.',
    units: 'Unit addresses',
    unitsHint: 'Which are looked for, with commas. The OHT-50 has 2 power, 3 safety, 4 travel motor, 5 dock.',
    'field-units': 'the unit addresses',
    'why-units-odd': 'One to 32 numbers from 1 to 247, each once, with commas: 2, 3, 4, 5.',
    registerMaps: 'Register maps chosen by hand',
    registerMapsHint:
      'One per line: the unit and the map, for example 4 motor-two. The others are chosen by what the module says of itself.',
    'field-maps': 'the register maps',
    'why-maps-odd':
      'One per line: a unit address, a space and the id of a register map, for example 4 motor-two.',
    writable: 'May write to modules',
    writableHint:
      'Off: only read requests are ever sent. Switch it on after the register maps were checked against the vehicle: a wrong map writes to a wrong register.',
    'field-writable': 'whether modules may be written to',
  },
  vi: {
    baudRate: 'Tốc độ baud',
    baudRateHint: 'Như đã đặt trong mô-đun; của OHT-50 là 115200.',
    'field-baudRate': 'tốc độ baud',
    'why-baud-range': 'Số nguyên từ 1200 đến 1000000.',
    parity: 'Bit chẵn lẻ',
    'parity-none': 'Không',
    'parity-even': 'Chẵn',
    'parity-odd': 'Lẻ',
    'field-parity': 'bit chẵn lẻ',
    stopBits: 'Bit dừng',
    'stopBits-1': '1',
    'stopBits-2': '2',
    'field-stopBits': 'bit dừng',
    busTimeout: 'Mô-đun được chờ (ms)',
    busTimeoutHint:
      'Để trả lời. Càng lâu thì mọi thứ càng phải đợi mô-đun vắng mặt: gấp đôi số này mỗi lần hỏi. 300 là đủ cho mô-đun bình thường.',
    'field-timeoutMs': 'thời gian chờ mô-đun',
    'why-timeout-range': 'Số nguyên từ 20 đến 10000 ms.',
    units: 'Địa chỉ mô-đun',
    unitsHint:
      'Những địa chỉ được tìm, cách nhau bằng dấu phẩy. OHT-50 có 2 nguồn, 3 an toàn, 4 động cơ, 5 dock.',
    'field-units': 'địa chỉ mô-đun',
    'why-units-odd': 'Từ 1 đến 32 số trong khoảng 1 đến 247, mỗi số một lần, cách bằng dấu phẩy: 2, 3, 4, 5.',
    registerMaps: 'Bảng thanh ghi chọn bằng tay',
    registerMapsHint:
      'Mỗi dòng một cái: địa chỉ và bảng, ví dụ 4 motor-two. Các mô-đun khác được chọn theo thông tin chúng tự khai.',
    'field-maps': 'bảng thanh ghi',
    'why-maps-odd': 'Mỗi dòng một cái: địa chỉ mô-đun, dấu cách và mã của bảng thanh ghi, ví dụ 4 motor-two.',
    writable: 'Được ghi vào mô-đun',
    writableHint:
      'Tắt: chỉ gửi yêu cầu đọc. Bật sau khi đã đối chiếu bảng thanh ghi với xe: bảng sai sẽ ghi vào thanh ghi sai.',
    'field-writable': 'việc ghi vào mô-đun',
  },
})

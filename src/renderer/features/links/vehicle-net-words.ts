/** The words of the form of a vehicle over the network: part of profile-words.ts, both languages of one form side by side. */
import { bilingual } from '../../words/bilingual.ts'

export const vehicleNetWords = bilingual({
  en: {
    vehicle: 'Vehicle',
    vehicleHint: 'Its name, for example OHT-50-001. Links with the same name speak of the same vehicle.',
    'field-vehicle': 'the vehicle',
    'why-vehicle-odd': 'Give the vehicle a name of at most 60 characters.',
    httpUrl: 'HTTP of the vehicle',
    httpUrlHint:
      'For example http://192.168.1.50:8080. Its state is asked for here, and orders and STOP REQUEST go here; its token is the key below. Without it the vehicle can only be watched.',
    socketUrl: 'WebSocket of the vehicle',
    socketUrlHint: 'For example ws://192.168.1.50:8081, or a gateway in its place. May stay empty.',
    backendUrl: 'WebSocket of its backend',
    backendUrlHint:
      'For example ws://192.168.1.51:8000. It fills what the vehicle itself never says, and brings its alerts. To see where the two disagree, give the backend a link of its own. May stay empty.',
    vehiclePoll: 'Ask every (s)',
    vehiclePollHint: 'What no socket brings. The state is asked for twice a second whatever stands here.',
    'field-httpUrl': 'the HTTP address',
    'field-socketUrl': 'the WebSocket address',
    'field-backendUrl': 'the address of the backend',
    'why-vehicle-url-missing':
      'Write at least one of the three addresses, for example http://192.168.1.50:8080.',
    'why-vehicle-poll-range': 'From 0.2 to 60 seconds.',
  },
  vi: {
    vehicle: 'Xe',
    vehicleHint: 'Tên xe, ví dụ OHT-50-001. Các kết nối cùng tên nói về cùng một xe.',
    'field-vehicle': 'xe',
    'why-vehicle-odd': 'Hãy đặt tên xe, nhiều nhất 60 ký tự.',
    httpUrl: 'HTTP của xe',
    httpUrlHint:
      'Ví dụ http://192.168.1.50:8080. Trạng thái được hỏi ở đây, lệnh và YÊU CẦU DỪNG cũng gửi tới đây; token của xe là khóa ở bên dưới. Không có thì chỉ theo dõi được xe.',
    socketUrl: 'WebSocket của xe',
    socketUrlHint: 'Ví dụ ws://192.168.1.50:8081, hoặc một gateway thay cho nó. Có thể để trống.',
    backendUrl: 'WebSocket của backend',
    backendUrlHint:
      'Ví dụ ws://192.168.1.51:8000. Nó bổ sung những gì xe không bao giờ nói, và đưa cảnh báo của nó. Muốn thấy chỗ hai bên khác nhau, hãy tạo kết nối riêng cho backend. Có thể để trống.',
    vehiclePoll: 'Hỏi mỗi (giây)',
    vehiclePollHint: 'Những gì không socket nào đưa tới. Trạng thái luôn được hỏi hai lần mỗi giây.',
    'field-httpUrl': 'địa chỉ HTTP',
    'field-socketUrl': 'địa chỉ WebSocket',
    'field-backendUrl': 'địa chỉ backend',
    'why-vehicle-url-missing': 'Hãy viết ít nhất một trong ba địa chỉ, ví dụ http://192.168.1.50:8080.',
    'why-vehicle-poll-range': 'Từ 0.2 đến 60 giây.',
  },
})
